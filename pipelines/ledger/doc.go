// Package ledger remembers what was done and what is to be done: runs with their feeds and
// steps, the queue of scheduled occurrences, what people were told and are still to be told, and the leases by which processes of one
// machine keep out of each other's work. It owns one SQLite file beside the data, which any
// tool can read. It must not know what a run does: whoever works writes down here what
// became of it. Nothing that counts rests on it: losing the file loses history and the
// queue, never a row, for the lake's log decides what is there.
package ledger
