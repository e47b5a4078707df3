// Package editions keeps the life of reports as plain files: a draft with the hash of each file,
// the review notes of the owning unit, the approval by a second person, deliveries, and from then
// on nothing that changes it.
//
//	log/00000000000000000001.json   what was done, in order; each entry names the hash of the one before
//	monthly-2025-12-1/              an edition: its files, figures.json, revisions.txt and .json, notes/
//	index.html                      all editions, for people; made again from the log at any time
//
// The log is the truth: an edition that it does not name does not exist, and a file that is not as
// the log says counts no more. Entries are created and never replaced. The package knows neither
// releases nor how reports are written, checked or sent: it is handed bytes, and says where they lie.
package editions
