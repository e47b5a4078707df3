// Package metrics shows those who watch a project how it is: as metrics in the form that
// Prometheus reads, and as answers to "alive?" and "ready?". It reads the ledger, and is given
// by pipelines what the ledger does not know (freshness, releases, the disk). It owns the names
// of metrics, which rules and dashboards rest on. It must not know what a feed or a release
// is, changes nothing, and shows names of the configuration and numbers only: nothing that
// comes from data.
package metrics
