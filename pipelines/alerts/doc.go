// Package alerts decides who is told what of an installation that nobody watches, puts it into
// words in Indonesian and English, and brings it to a webhook, a mail server or a file. It is given
// what holds, as values, and keeps in the ledger what was told already, so that a restart neither
// repeats nor forgets.
//
// It must not know where a condition comes from: not the lake, not the releases, not what a run
// does. It starts no goroutine and reads no clock. No text of a source, of a record or of an error
// passes through it, for mail and chat are read by more people than the data: who is told gets the
// kind, the name, and the command that shows the rest.
package alerts
