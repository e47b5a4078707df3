// Package verify reads a finished report and computes every number in it again, from the
// release that the report names or from the figures that its edition kept.
//
// It owns the readers of finished files, the way in which a printed number is read back, and the
// arithmetic of references. It must not know how reports are written, where editions lie or how
// releases are opened: what is known is handed to it as sources.
package verify
