package pipelines

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/transforms"
)

// A FeedJob is what a child does for one feed: pull, land, decode, normalise and write
// Parquet. Nothing of it is visible until the parent commits the entry it returns.
type FeedJob struct {
	Dir    string    `json:"dir"`
	Feed   string    `json:"feed"`
	RunID  string    `json:"run_id"`
	Code   string    `json:"code"`
	Now    time.Time `json:"now"`
	Window Window    `json:"window,omitzero"`
	TmpDir string    `json:"-"`                // the child's own
	Config string    `json:"config,omitempty"` // a copy of the configuration; empty: the project's files

	// What the parent, which has read and checked the whole project and the whole log, lets
	// the child know of them: work on one feed costs what that feed is, however long the log.
	SourceFile string  `json:"source_file"`
	ConfigHash string  `json:"config_hash"` // of the source's file
	Entries    []int64 `json:"entries"`     // the feed's own, in order
}

// A Window is the half-open range of a backfill.
type Window struct {
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
}

// IsZero says that there is no window: take all that is new.
func (w Window) IsZero() bool { return w.From.IsZero() && w.To.IsZero() }

// A FeedResult is what a child hands back: entries that are ready to be committed, in order.
type FeedResult struct {
	Report  *FeedReport  `json:"report"`
	Entries []lake.Entry `json:"entries,omitempty"`
}

// feedRun is one child's work on one feed.
type feedRun struct {
	job      FeedJob
	project  *configs.Project
	feed     *configs.Feed
	lake     *lake.Lake
	snap     lake.Snapshot
	dataset  transforms.Dataset
	env      *transforms.Env
	tokenKey string // the id of the key behind env.Tokens
	mapping  transforms.Mapping
	formats  []formatRule
	event    func(Event)
	log      *slog.Logger
	report   *FeedReport

	declareOnce     sync.Once
	declaredColumns map[string]bool
}

// runFeedJob does one feed's task in this process. With an error it still reports what the
// source gave and how often it had to be asked again.
func runFeedJob(ctx context.Context, kind string, job FeedJob, event func(Event), log *slog.Logger) (*FeedResult, error) {
	r, err := openFeedRun(job, event, log)
	if err == nil {
		err = limitRun(r.feed.Limits)
	}
	if err != nil {
		return nil, err
	}
	var result *FeedResult
	switch kind {
	case "replay":
		result, err = r.replay(ctx)
	case "renormalise":
		result, err = r.renormalise(ctx)
	default:
		result, err = r.pull(ctx)
	}
	if err != nil {
		return &FeedResult{Report: &FeedReport{Bytes: r.report.Bytes, Retries: r.report.Retries}}, err
	}
	return result, nil
}

func openFeedRun(job FeedJob, event func(Event), log *slog.Logger) (*feedRun, error) {
	project, err := loadOneSource(job.Dir, job.SourceFile, job.Config)
	if err != nil {
		return nil, err
	}
	feed, err := findFeed(project, job.Feed)
	if err != nil {
		return nil, err
	}
	r, err := bindFeedRun(project, feed, job, event, log)
	if err != nil {
		return nil, err
	}
	if r.lake, err = openLake(project); err != nil {
		return nil, err
	}
	if r.snap, err = r.lake.SnapshotOf(job.Entries); err != nil {
		return nil, err
	}
	return r, r.checkTokenKey()
}

// bindFeedRun prepares all that pulling, decoding and normalising a feed needs, and no lake.
func bindFeedRun(project *configs.Project, feed *configs.Feed, job FeedJob, event func(Event), log *slog.Logger) (*feedRun, error) {
	r := &feedRun{job: job, project: project, feed: feed, log: log,
		report: &FeedReport{Feed: feed.Name, Dataset: feed.Dataset, Codes: map[string]int64{}}}
	r.event = func(e Event) { e.Feed = feed.Name; event(e) }
	var err error
	if r.dataset, err = datasetOf(feed); err != nil {
		return nil, err
	}
	if r.env, r.tokenKey, err = transformEnvWithKey(project); err != nil {
		return nil, err
	}
	if r.formats, err = formatRules(feed, job.TmpDir); err != nil {
		return nil, err
	}
	r.mapping = mappingOf(feed, job.Now)
	return r, nil
}

// pull takes what is new from the source, through to files that wait for their commit.
func (r *feedRun) pull(ctx context.Context) (*FeedResult, error) {
	clock := newStopwatch(&r.report.Steps)
	landed, position, err := r.land(ctx)
	clock.lap("pull")
	if err != nil {
		return r.orWithhold(nil, err)
	}
	if len(landed) == 0 {
		r.report.Outcome = OutcomeNothingNew
		return &FeedResult{Report: r.report}, nil
	}
	out, err := r.normaliseObjects(ctx, landed, r.mapping, nil)
	clock.lap("normalise")
	if err != nil {
		return r.orWithhold(landed, err)
	}
	entry := r.newEntry(lake.Delivery)
	entry.Objects, entry.Position = out.objects, position
	entry.Headers, r.report.Drift = out.headers.compare()
	r.warnOfWholes(out)
	if r.report.Records == 0 && len(out.keySets) == 0 {
		if namedByProducer(r.feed) { // an answer without records says that nothing changed, and a file without any does not
			r.report.Warnings = append(r.report.Warnings, r.volumeWarnings()...)
		}
		r.report.Outcome = OutcomeNothingNew
		return &FeedResult{Report: r.report}, nil
	}
	why := r.overThreshold()
	if why == nil {
		if why, err = r.deletions(out); err != nil {
			return r.orWithhold(landed, err)
		}
	}
	if why == nil {
		if repeated, err := r.nothingButRepeats(out); err != nil {
			return nil, err
		} else if repeated {
			r.report.Redelivered += len(landed) - len(out.keySets)
			r.report.Outcome = OutcomeNothingNew
			return &FeedResult{Report: r.report}, nil
		}
	}
	r.report.Warnings = append(r.report.Warnings, r.volumeWarnings()...)
	if why != nil {
		return r.withhold(entry, out, *why)
	}
	entry.Files, err = r.writeFiles(ctx, out)
	clock.lap("write and verify")
	if err != nil {
		return nil, err
	}
	r.report.Outcome = OutcomeCommitted
	return &FeedResult{Report: r.report, Entries: []lake.Entry{entry}}, nil
}

func (r *feedRun) connect() (connectors.Connector, error) {
	settings, err := connectorSettings(r.feed)
	if err != nil {
		return nil, err
	}
	conn, err := settings.Connect(connectors.Env{Dir: r.project.Dir, Log: r.log, Sleep: sleep, Retried: func() { r.report.Retries++ }})
	if err != nil {
		return nil, failure(ExitUsage, fmt.Errorf("%s: %w", r.feed.Name, err))
	}
	return conn, nil
}

// land takes every object that the source yields and keeps its bytes. Objects that the
// log already holds are counted as re-delivered and left aside; but where absence means
// deletion, one object that is new, or is there no more, makes the whole snapshot news,
// because what the others hold is still there.
func (r *feedRun) land(ctx context.Context) ([]landedObject, json.RawMessage, error) {
	conn, err := r.connect()
	if err != nil {
		return nil, nil, err
	}
	req := connectors.Request{Now: r.job.Now, Position: r.snap.Position(r.feed.Name), Lookback: r.feed.Lookback,
		Sweep: r.feed.Deletes == "key_sweep", Whole: r.feed.Deletes == "absent_from_snapshot", Note: r.note()}
	if !r.job.Window.IsZero() {
		req.Window = connectors.Window{From: r.job.Window.From, To: r.job.Window.To}
		req.Position = nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, r.feed.Limits.MaxDuration, errPullTooLong)
	defer cancel()
	var pulled, landed []landedObject
	position := req.Position
	if !r.job.Window.IsZero() {
		position = r.snap.Position(r.feed.Name) // a backfill does not move the feed's place
	}
	for obj, err := range conn.Pull(ctx, req) {
		if err != nil {
			return nil, nil, r.pullError(ctx, err)
		}
		r.event(Event{Step: "pull", Object: obj.Name, Done: int64(len(pulled))})
		one, known, err := r.landObject(obj)
		if err != nil {
			return nil, nil, r.pullError(ctx, fmt.Errorf("landing %s: %w", obj.Name, err))
		}
		if r.report.Bytes += one.record.Bytes; r.report.Bytes > int64(r.feed.Limits.MaxDelivery) {
			return nil, nil, r.tooMuchDelivered(one)
		}
		if obj.Position != nil && r.job.Window.IsZero() {
			position = obj.Position
		}
		if pulled = append(pulled, one); !known {
			landed = append(landed, one)
		}
	}
	if err := r.doneWithNote(); err != nil {
		return nil, nil, err
	}
	if req.Whole && r.isNews(pulled, landed) {
		landed = pulled
	}
	r.report.Redelivered = len(pulled) - len(landed)
	r.report.Objects = len(landed)
	return landed, position, nil
}

var errPullTooLong = errors.New("the pull took too long")

// pullError words why a pull ended. One that we ended ourselves is the source's failing.
func (r *feedRun) pullError(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), errPullTooLong) {
		return &Error{Code: ExitUnavailable, cause: connectors.ErrUnavailable, Message: fmt.Sprintf("%s: the pull took longer than limits.max_duration: %v; nothing of it was taken. Ask for less at a time, or raise the limit in %s", r.feed.Name, r.feed.Limits.MaxDuration, r.feed.Source.File)}
	}
	return fmt.Errorf("%s: %w", r.feed.Name, err)
}

// landObject stores one object's bytes and says whether the feed had them before. A
// snapshot is only "the same again" when it equals the newest one: a source may return
// to an older state, and that is news.
func (r *feedRun) landObject(obj *connectors.Object) (landedObject, bool, error) {
	month := r.job.Now.In(r.project.TimeZone).Format("2006-01")
	l, err := r.lake.Land(r.feed.Source.Name, month, obj.Body, int64(r.feed.Limits.MaxBytes))
	if err == nil {
		err = obj.Body.Close()
	} else {
		obj.Body.Close()
	}
	if err != nil {
		return landedObject{}, false, err
	}
	one := landedObject{
		record: lake.ObjectRecord{ID: lake.FormatID(l.ID), Name: obj.Name, MediaType: obj.MediaType,
			Month: month, ModifiedAt: obj.ModifiedAt, Bytes: l.Bytes, Meta: obj.Meta},
		id: l.ID, keys: obj.Role == connectors.Keys,
	}
	if one.keys {
		return one, false, nil
	}
	return one, r.known(l.ID), nil
}

func (r *feedRun) known(id [16]byte) bool {
	entries := r.snap.Deliveries(r.feed.Name)
	if r.feed.Delivery == "snapshot" && len(entries) > 0 {
		entries = entries[len(entries)-1:]
	}
	text := lake.FormatID(id)
	for _, e := range entries {
		for _, o := range e.Objects {
			if o.ID == text {
				return true
			}
		}
	}
	return false
}

// isNews says whether a snapshot differs from the newest one: an object of it is new, or one
// of the newest comes no more. Nothing at all is no snapshot: a source that is down or
// cleared out looks the same.
func (r *feedRun) isNews(pulled, landed []landedObject) bool {
	if len(landed) > 0 || len(pulled) == 0 {
		return len(landed) > 0
	}
	entries := r.snap.Deliveries(r.feed.Name)
	var gone []string
	comes := map[string]bool{}
	for _, o := range pulled {
		comes[o.record.ID] = true
	}
	for _, o := range entries[len(entries)-1].Objects { // there is one, for the log knows what was pulled
		if !comes[o.ID] {
			gone = append(gone, o.Name)
		}
	}
	if len(gone) > 0 {
		r.report.Warnings = append(r.report.Warnings, fmt.Sprintf("%s: the rest of the snapshot is as it was, and these objects come no more: %s", r.feed.Name, someNames(gone)))
	}
	return len(gone) > 0
}

// warnOfWholes notices files that each hold the whole and are read as parts of one: then a
// row that the newest file lacks still comes, from an older one.
func (r *feedRun) warnOfWholes(out *normalised) {
	if out.store.keys == nil || len(out.objects) < 2 {
		return
	}
	if again := r.report.Accepted - int64(len(out.store.keys)); again*3 > r.report.Accepted {
		r.report.Warnings = append(r.report.Warnings, fmt.Sprintf("%s: %d of %d rows of this snapshot have a key that another one has; where every file holds all rows, write snapshot: delivered (connector, in %s), or keep only the newest file there",
			r.feed.Name, again, r.report.Accepted, r.feed.Source.File))
	}
}

// someNames lists the first few of many.
func someNames(all []string) string {
	const most = 5
	if len(all) <= most {
		return strings.Join(all, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(all[:most], ", "), len(all)-most)
}

func (r *feedRun) newEntry(kind string) lake.Entry {
	return lake.Entry{
		Kind: kind, RunID: r.job.RunID, Feed: r.feed.Name, Source: r.feed.Source.Name, Dataset: r.lakeDataset(),
		Origin: r.feed.Source.Origin, KnownAt: r.job.Now.UTC(), NormaliserVersion: r.dataset.Version(),
		CodeVersion: r.job.Code, ConfigHash: r.job.ConfigHash, TokenKey: r.tokenKey,
	}
}
