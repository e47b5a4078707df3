// Package figures answers questions about published numbers: what a figure's
// value is and was, whether it agrees with what the ministry has printed, where
// it comes from, and what changed between two releases.
//
// It reads releases and nothing else: the table figures and the descriptions
// beside it (schema meta, the dimensions). It must not know how a release is
// built, how rows are normalised or where a source lives, and it never writes.
package figures
