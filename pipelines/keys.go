package pipelines

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/transforms/privacy"
)

// A RotateOptions says how tokens are made anew.
type RotateOptions struct {
	Reason  string
	Unseen  bool // go on where the landing no longer tells what is behind some tokens
	NoBuild bool
}

// A RotateReport says what a rotation of the token key did.
type RotateReport struct {
	VaultResult
	Commit  int64        `json:"commit"`
	Removed int          `json:"removed"` // files with tokens of the old key
	Build   *BuildReport `json:"build,omitempty"`
}

// RotateTokens makes every token of the lake anew under a new key, without asking a source. Before its
// entry is committed nothing has changed, and after it everything has.
func (r *Runner) RotateTokens(ctx context.Context, o RotateOptions) (*RotateReport, error) {
	rotated := &RotateReport{}
	_, err := r.record(ctx, ledger.Run{Command: "keys rotate"}, func(ctx context.Context, report *RunReport) error {
		if err := r.nextTokens(); err != nil {
			return err
		}
		job := VaultJob{Dir: r.Project.Dir, Config: r.Config, Now: r.Now, Code: r.Code}
		if _, err := r.Worker.call(ctx, "vault", int64(r.Project.Build.Memory), r.tmpRoot(), job, &rotated.VaultResult, r.watch()); err != nil {
			return err
		}
		if err := rotated.complete(o.Unseen); err != nil {
			return err
		}
		entry := lake.Entry{Kind: lake.Retokenise, No: rotated.Head + 1, RunID: report.RunID, Origin: r.Project.Origin(), KnownAt: r.Now.UTC(), Reason: o.Reason,
			TokenKey: rotated.Key, Rewrites: rotated.Rewrites, CodeVersion: r.Code}
		if err := r.alone(func() error { return r.commitRotation(entry, rotated) }); err != nil {
			return err
		}
		if o.NoBuild {
			return nil
		}
		var err error
		rotated.Build, err = r.buildIfNeeded(ctx, time.Time{}, report.RunID)
		report.Build = rotated.Build
		return err
	})
	return rotated, err
}

// commitRotation makes the new files count, and then destroys the old key and what was made with it.
func (r *Runner) commitRotation(e lake.Entry, report *RotateReport) error {
	committed, err := r.Lake.Commit(e)
	if err != nil {
		return err
	}
	report.Commit = committed.No
	if err := r.settleTokens(); err != nil {
		return err
	}
	report.Removed, err = r.Lake.Sweep()
	return err
}

// complete refuses to go on where persons would no longer be known as the ones that they were.
func (v *RotateReport) complete(unseen bool) error {
	if v.Unseen == 0 || unseen {
		return nil
	}
	why := ""
	if v.Shredded > 0 {
		why = fmt.Sprintf("; %d landed objects are of months that were shredded", v.Shredded)
	}
	if len(v.Unread) > 0 {
		why += fmt.Sprintf("; %d landed objects could not be read, the first: %s", len(v.Unread), v.Unread[0])
	}
	return gatef("%d of %d tokens stand for values that the landing no longer tells%s. Nothing was changed. With --unseen they get tokens of their own: rows that are there keep knowing each other, but what is delivered later is not known as the same person's", v.Unseen, v.Tokens, why)
}

// nextTokens makes the key that tokens will be made with; one that an interrupted rotation made is taken up.
func (r *Runner) nextTokens() error {
	path := nextTokensPath(r.Project)
	_, err := privacy.LoadKeys(path, r.Project.Origin() != configs.OriginReal)
	if errors.Is(err, fs.ErrNotExist) {
		return privacy.WriteKeys(path)
	}
	return err
}

// Shred destroys the key of a month of a source, so that what landed in it can be read by nobody.
func (r *Runner) Shred(ctx context.Context, source, month, reason string) (lake.Entry, error) {
	var entry lake.Entry
	if month >= r.Now.In(r.Project.TimeZone).Format("2006-01") {
		return entry, usagef("%s is not over: %s may land more in it, which would need its key; shred it when the month is over", month, source)
	}
	_, err := r.record(ctx, ledger.Run{Command: "keys shred"}, func(_ context.Context, report *RunReport) error {
		return r.alone(func() (err error) {
			entry, err = r.Lake.Shred(lake.Entry{Source: source, Shredded: month, RunID: report.RunID, Origin: r.Project.Origin(), KnownAt: r.Now.UTC(), Reason: reason, CodeVersion: r.Code})
			return err
		})
	})
	return entry, err
}

// RotateMaster puts a new master key in the place of the project's.
func (r *Runner) RotateMaster(ctx context.Context) (id string, months int, err error) {
	_, err = r.record(ctx, ledger.Run{Command: "keys rotate"}, func(context.Context, *RunReport) error {
		return r.alone(func() error {
			master, n, err := lake.RotateMaster(masterPath(r.Project))
			if err == nil {
				id, months = master.ID(), n
			}
			return err
		})
	})
	return id, months, err
}

// A KeyReport says whether all that is closed opens with the keys at hand.
type KeyReport struct {
	lake.KeyReport
	TokenKey string `json:"token_key"` // its id
}

// CheckKeys proves that every landed object opens and that the tokens of the lake are of the key at hand.
func (r *Runner) CheckKeys(ctx context.Context) (*KeyReport, error) {
	found, err := r.Lake.CheckKeys(ctx, func(done, total int) {
		r.event(Event{Step: "check keys", Done: int64(done), Total: int64(total)})
	})
	if err != nil {
		return nil, err
	}
	report := &KeyReport{KeyReport: found}
	wrong := func(err error) {
		report.Problems = append(report.Problems, lake.Problem{Kind: lake.ProblemKey, Path: tokensPath(r.Project), Message: err.Error()})
	}
	keys, err := privacy.LoadKeys(tokensPath(r.Project), r.Project.Origin() != configs.OriginReal)
	if err != nil {
		wrong(err)
		return report, nil
	}
	report.TokenKey = keys.ID()
	made, err := r.tokenKeys()
	if err != nil {
		return nil, err
	}
	for _, id := range made {
		if id != keys.ID() {
			wrong(fmt.Errorf("the lake has tokens of key %s and this is %s; restore the file from an archive of keys, or let a rotation end that was interrupted: lindung keys rotate --tokens", id, keys.ID()))
		}
	}
	return report, nil
}

// tokenKeys gives the ids of the keys that the lake's tokens are of, as far as the log tells: one, or
// something is wrong.
func (r *Runner) tokenKeys() ([]string, error) {
	entries, err := r.Lake.Entries()
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, e := range entries {
		switch {
		case e.Kind == lake.Retokenise:
			ids = []string{e.TokenKey} // whatever there was before has been made anew
		case e.TokenKey != "" && (len(ids) == 0 || ids[len(ids)-1] != e.TokenKey):
			ids = append(ids, e.TokenKey)
		}
	}
	return ids, nil
}

// checkTokenKey refuses to tokenise with a key that was given up.
func (r *feedRun) checkTokenKey() error {
	if want := r.snap.TokenKey(); want != "" && want != r.tokenKey {
		return failure(ExitUsage, fmt.Errorf("the tokens of the lake are of key %s and %s holds %s; restore that file from an archive of keys", want, tokensPath(r.project), r.tokenKey))
	}
	return nil
}

// InitKeys makes the keys that a project lacks. Where data are there already a key that is missing is
// lost, and a new one would only hide that.
func InitKeys(p *configs.Project) (made []string, err error) {
	for _, k := range []struct {
		path string
		make func(string) error
	}{
		{masterPath(p), func(path string) error { _, err := lake.WriteMaster(path); return err }},
		{tokensPath(p), privacy.WriteKeys},
	} {
		_, err := os.Stat(k.path)
		if err == nil {
			continue
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return made, err
		}
		if logged, err := lake.HasLog(p.DataDir); err != nil || logged {
			return made, errors.Join(err, gatef("%s is not there, and %s holds data that were made with it: bring it back: lindung keys init --archive FILE --identity FILE", k.path, p.DataDir))
		}
		if err := k.make(k.path); err != nil {
			return made, err
		}
		made = append(made, k.path)
	}
	return made, nil
}

// discard is a log that keeps nothing: what is read for its identifiers is told by nobody.
func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }
