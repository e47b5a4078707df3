package ledger

// LastRuns gives the newest run of each command and job that came to an end, but for those that
// somebody stopped: a run that was stopped says nothing about how things stand.
func (l *Ledger) LastRuns() ([]Run, error) {
	return rows(l.db, scanRun, `SELECT `+runColumns+` FROM runs AS r WHERE state NOT IN ('running', 'cancelled') AND id = (SELECT id FROM runs
		WHERE command = r.command AND job = r.job AND state NOT IN ('running', 'cancelled') ORDER BY started DESC, id DESC LIMIT 1)
		ORDER BY started, id`)
}
