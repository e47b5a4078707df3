// Package pipelines is the glue between the rooms: it plans, pulls, normalises,
// commits, builds and publishes. It owns the order of the steps, the child processes
// in which they run and every goroutine of the program. It must not know how a
// protocol is spoken (connectors), what a record means (transforms), how a file is
// stored (lake) or what a figure is (sql, warehouse).
package pipelines
