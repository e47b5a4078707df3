package connectors

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// A restNote is what a pull leaves of an export that it asked for, until it has the file.
type restNote struct {
	Asked  string    `json:"asked"` // see asked
	At     time.Time `json:"at"`
	ID     string    `json:"id,omitempty"`
	Status string    `json:"status"`
}

// asked tells what a job is good for: the same question from the same position. Another
// window, another place to go on from or another setting is another question.
func (p *restPull) asked() (string, error) {
	s, w := &p.c.settings, p.req.Window
	headers := map[string]string{}
	for name, value := range s.Headers {
		headers[name] = value.Reveal()
	}
	text, err := json.Marshal([]any{s.URL, s.Method, s.Body, headers, s.Export, p.query(p.c.base).Encode(), p.req.Position, w.From.UTC(), w.To.UTC()})
	sum := sha256.Sum256(text) // which keeps the secrets among them to itself
	return hex.EncodeToString(sum[:]), err
}

// leaveJob keeps the job for the next pull, should this one not come to its end.
func (p *restPull) leaveJob(job restJob) error {
	if p.req.Note == nil || p.c.settings.Export.Keep == 0 {
		return nil
	}
	asked, err := p.asked()
	var note []byte
	if err == nil {
		note, err = json.Marshal(restNote{Asked: asked, At: p.req.Now.UTC(), ID: job.id, Status: job.status.String()})
	}
	if err == nil {
		err = p.req.Note.Leave(note)
	}
	if err != nil {
		return fmt.Errorf("noting the export that was asked for: %w", err)
	}
	return nil
}

// leftJob is the job that an earlier pull left, if it answers what is asked for now. From
// then on the pull is as of the time when that was asked: what changed since is not in it.
func (p *restPull) leftJob() (job restJob, ok bool) {
	keep := p.c.settings.Export.Keep
	if p.req.Note == nil || len(p.req.Note.Left) == 0 || keep == 0 {
		return job, false
	}
	var note restNote
	asked, err := p.asked()
	if err != nil || json.Unmarshal(p.req.Note.Left, &note) != nil || note.Asked != asked || note.At.After(p.req.Now) || p.req.Now.Sub(note.At) > keep {
		return job, false
	}
	status, err := p.addressOf(p.c.base, note.Status, "a link")
	if err != nil {
		return job, false // allow_hosts was changed since
	}
	p.asOf = note.At
	return restJob{id: note.ID, status: status}, true
}

// isLost says of the error of a job that was taken up that a new one may do better: the
// source forgot it, could not do it, or answers with something else. A source that is away,
// or not ready yet, still has it.
func (p *restPull) isLost(err error) bool {
	var temporary *temporaryError
	return err != nil && p.ctx.Err() == nil && !errors.As(err, &temporary) &&
		!errors.Is(err, errUnauthorised) && !errors.Is(err, errNotReady) && !errors.Is(err, errEnough)
}
