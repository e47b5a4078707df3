package pipelines

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/formats"
	"github.com/kp2mi/lindung/transforms"
)

// A lookJob asks a child to look at a feed's source and to take nothing: no byte is landed and
// no position moves. Bytes from outside are decoded there, under the same limits as in a run.
type lookJob struct {
	FeedJob
	Limit int       `json:"limit,omitempty"`
	Draft *Proposal `json:"draft,omitempty"` // in place of a feed of the project
}

// runLookJob does one look in this process.
func runLookJob(ctx context.Context, kind string, job lookJob, event func(Event), log *slog.Logger) (any, error) {
	if kind == lookPropose {
		return propose(ctx, job, event, log)
	}
	r, err := openFeedRun(job.FeedJob, event, log)
	if err == nil {
		err = limitRun(r.feed.Limits)
	}
	if err != nil {
		return nil, err
	}
	switch kind {
	case lookPreview:
		return r.preview(ctx, job.Limit)
	case lookSchema:
		return r.schema(ctx)
	case lookCompare:
		return r.compare(ctx)
	}
	return r.test(ctx)
}

// The kinds of looks.
const (
	lookPreview = "preview"
	lookSchema  = "schema"
	lookTest    = "test"
	lookCompare = "compare"
	lookPropose = "propose"
)

// look asks a child, and decodes what it found into result.
func (r *Runner) look(ctx context.Context, kind string, job lookJob, result any) error {
	job.Dir, job.Now = r.Project.Dir, r.Now
	memory := int64(r.Project.Run.Memory)
	if job.Draft == nil {
		f, err := findFeed(r.Project, job.Feed)
		if err != nil {
			return err
		}
		if job.FeedJob, err = r.feedJob(f, job.FeedJob); err != nil {
			return err
		}
		memory = r.memoryOf(f)
	}
	ctx, cancel := waitAtMost(ctx, leastProcessorTime, "")
	defer cancel()
	_, err := r.Worker.call(ctx, kind, memory, r.tmpRoot(), job, result, r.watch())
	return err
}

// What a look reads at most: enough to know a column, and a part only of a large source.
const (
	lookRecords = 2000 // of an object
	lookObjects = 20
)

// A lookRequest says what to look at.
type lookRequest struct {
	sincePosition bool // only what is new; else from the beginning
	records       int  // of each object
	objects       int
}

// eachObject yields the source's objects without landing them. yield closes no body.
func (r *feedRun) eachObject(ctx context.Context, q lookRequest, yield func(*connectors.Object) (more bool, err error)) error {
	conn, err := r.connect()
	if err != nil {
		return err
	}
	req := connectors.Request{Now: r.job.Now, Lookback: r.feed.Lookback}
	if q.sincePosition {
		req.Position = r.snap.Position(r.feed.Name)
	}
	seen := 0
	for obj, err := range conn.Pull(ctx, req) {
		if err != nil {
			return fmt.Errorf("%s: %w", r.feed.Name, err)
		}
		r.event(Event{Step: "look", Object: obj.Name, Done: int64(seen)})
		more, err := yield(obj)
		obj.Body.Close()
		if err != nil {
			return err
		}
		if seen++; !more || seen >= q.objects {
			return nil
		}
	}
	return nil
}

// eachBatch decodes the source's objects without landing them, each up to a number of records.
func (r *feedRun) eachBatch(ctx context.Context, q lookRequest, yield func(object string, b *formats.Batch, upTo int) (more bool, err error)) error {
	return r.eachObject(ctx, q, func(obj *connectors.Object) (bool, error) {
		decoder, err := r.decoderFor(obj.Name)
		if err != nil {
			return false, err
		}
		left := q.records
		for b, err := range decoder.Decode(ctx, obj.Name, obj.Body) {
			if err != nil {
				return false, &Error{Code: cmp.Or(unavailableCode(err), ExitGate), cause: err, Message: fmt.Sprintf("%s: object %q cannot be read: %v; correct formats: in %s", r.feed.Name, obj.Name, err, r.feed.Source.File)}
			}
			n := min(left, b.Len())
			more, err := yield(obj.Name, withoutNames(b, r.declared()), n)
			if !more || err != nil {
				return false, err
			}
			if left -= n; left == 0 {
				break
			}
		}
		return true, nil
	})
}

// unavailableCode keeps the exit code of a source that broke off while it was read.
func unavailableCode(err error) int {
	if errors.Is(err, connectors.ErrUnavailable) {
		return ExitUnavailable
	}
	return 0
}

// A SourceTest is what testing one feed's connection found.
type SourceTest struct {
	Feed  string `json:"feed"`
	OK    bool   `json:"ok"`
	Found string `json:"found"` // what was found, or what is wrong
	ToDo  string `json:"to_do,omitempty"`
	Code  int    `json:"exit_code,omitempty"`
}

// TestSources proves connection and permission of the feeds of a source, of one feed, or of all,
// and takes no data.
func (r *Runner) TestSources(ctx context.Context, name string) ([]SourceTest, error) {
	feeds, err := r.feedsOf(name)
	if err != nil {
		return nil, err
	}
	var tests []SourceTest
	var problems []error
	for _, f := range feeds {
		t := SourceTest{Feed: f.Name}
		if err := r.look(ctx, lookTest, lookJob{FeedJob: FeedJob{Feed: f.Name}}, &t); err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			t.Found = strings.TrimPrefix(err.Error(), f.Name+": ")
			t.ToDo, t.Code = fmt.Sprintf("correct connector: in %s:%d", f.Source.File, f.LineOf("connector")), ExitCode(err)
			if t.Code == ExitUnavailable {
				t.ToDo = "mend the connection or ask the producer (" + f.Source.Contact + "), then test again"
			}
			problems = append(problems, err)
		}
		tests = append(tests, t)
	}
	return tests, worst(problems)
}

// test connects and stops as early as the connector can.
func (r *feedRun) test(ctx context.Context) (*SourceTest, error) {
	t := &SourceTest{Feed: r.feed.Name, OK: true}
	conn, err := r.connect()
	if err != nil {
		return nil, err
	}
	if tester, ok := conn.(connectors.Tester); ok {
		t.Found = "signed in; the query is understood and may be read"
		if err := tester.Test(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", r.feed.Name, err)
		}
		return t, nil
	}
	t.Found, t.ToDo = "reachable, and there is nothing to read at present", "ask for a delivery, or correct match: in the feed"
	err = r.eachObject(ctx, lookRequest{objects: 1}, func(obj *connectors.Object) (bool, error) {
		head := make([]byte, 512)
		n, err := io.ReadFull(obj.Body, head)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return false, fmt.Errorf("%s: reading the beginning of %s: %w", r.feed.Name, obj.Name, err)
		}
		t.Found, t.ToDo = fmt.Sprintf("%s can be read", obj.Name), ""
		if n == 0 {
			t.Found, t.ToDo = fmt.Sprintf("%s can be read and is empty", obj.Name), "ask for the file again"
		}
		return false, nil
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

// A Preview shows some records of a source beside what the normaliser makes of them. Texts of
// personal fields, and of columns that no field reads, are shown by their shape only.
type Preview struct {
	Feed    string          `json:"feed"`
	Dataset string          `json:"dataset"`
	Problem string          `json:"problem,omitempty"` // why nothing could be made of the records
	Records []PreviewRecord `json:"records"`
}

// A PreviewRecord is one record.
type PreviewRecord struct {
	Object   string               `json:"object"`
	Place    string               `json:"place"`
	Cells    []PreviewCell        `json:"cells"`
	Problems []transforms.Problem `json:"problems,omitempty"`
}

// A PreviewCell is a column of the source, a column of the dataset, or both.
type PreviewCell struct {
	Column string `json:"column,omitempty"` // of the source
	Text   string `json:"text,omitempty"`   // as delivered
	Field  string `json:"field,omitempty"`  // of ours, that reads it
	Value  string `json:"value,omitempty"`  // what was made of it
}

// Preview pulls a feed from its beginning and decodes the first records. Nothing is kept.
func (r *Runner) Preview(ctx context.Context, feed string, limit int) (*Preview, error) {
	if _, err := findFeed(r.Project, feed); err != nil {
		return nil, err
	}
	if limit < 1 || limit > 1000 {
		return nil, usagef("--limit %d: show between 1 and 1000 records", limit)
	}
	p := &Preview{}
	return p, r.look(ctx, lookPreview, lookJob{FeedJob: FeedJob{Feed: feed}, Limit: limit}, p)
}

func (r *feedRun) preview(ctx context.Context, limit int) (*Preview, error) {
	p := &Preview{Feed: r.feed.Name, Dataset: r.feed.Dataset, Records: []PreviewRecord{}}
	normaliser, err := r.dataset.Bind(r.env, r.mapping)
	if err != nil {
		return nil, failure(ExitUsage, fmt.Errorf("%s: feed %s: %w", r.feed.Source.File, r.feed.Name, err))
	}
	err = r.eachBatch(ctx, lookRequest{records: limit, objects: lookObjects}, func(object string, b *formats.Batch, upTo int) (bool, error) {
		upTo = min(upTo, limit-len(p.Records))
		first := selected(b, func(rowNo int64) bool { return rowNo < b.RowNo(0)+int64(upTo) })
		rows := r.dataset.NewRows()
		rejects, err := normaliser.Normalise(first, [16]byte{}, rows)
		made := map[int64]int{} // of a record that became a row: which
		if err != nil {
			var missing *transforms.MissingColumns
			if !errors.As(err, &missing) {
				return false, err
			}
			p.Problem = r.missingMessage(missing)
		} else {
			made = rowsBehind(b, upTo, rejects)
		}
		for row := range upTo {
			rec := PreviewRecord{Object: object, Place: b.Place(row)}
			var texts []string
			if at, ok := made[b.RowNo(row)]; ok {
				texts = rows.Texts(at)
			}
			rec.Cells = r.previewCells(b, row, texts)
			for _, rej := range rejects {
				if rej.RowNo == b.RowNo(row) {
					rec.Problems = rej.Problems
				}
			}
			p.Records = append(p.Records, rec)
		}
		return len(p.Records) < limit, nil
	})
	return p, err
}

// rowsBehind says which row each accepted record became: rows come in the order of the records.
func rowsBehind(b *formats.Batch, upTo int, rejects []transforms.Reject) map[int64]int {
	rejected := map[int64]bool{}
	for _, rej := range rejects {
		rejected[rej.RowNo] = true
	}
	made := map[int64]int{}
	for row := range upTo {
		if no := b.RowNo(row); !rejected[no] {
			made[no] = len(made)
		}
	}
	return made
}

// previewCells puts what was delivered beside what was made of it.
func (r *feedRun) previewCells(b *formats.Batch, row int, made []string) []PreviewCell {
	open := r.openColumns()
	if r.slippedIn(b)(row) {
		open = nil
	}
	fields := map[string][]string{}
	for _, one := range r.readers() {
		if one.column != "" {
			fields[one.column] = append(fields[one.column], one.input.Name)
		}
	}
	values := r.shownValues(made)
	take := func(field string) string {
		for _, c := range r.dataset.Columns() {
			if v := values[c.Name]; v != "" && (c.Name == field || strings.HasPrefix(c.Name, field+"_")) {
				delete(values, c.Name)
				return v
			}
		}
		return ""
	}
	var cells []PreviewCell
	for col, name := range b.Header() {
		key := transforms.HeaderKey(name)
		cell := PreviewCell{Column: name, Text: b.Cell(row, col), Field: strings.Join(fields[key], ", ")}
		if !open[key] {
			cell.Text = transforms.Shape(cell.Text)
		}
		if len(fields[key]) > 0 {
			cell.Value = take(fields[key][0])
		}
		cells = append(cells, cell)
	}
	for _, c := range r.dataset.Columns() {
		if v := values[c.Name]; v != "" {
			cells = append(cells, PreviewCell{Field: c.Name, Value: v})
		}
	}
	return cells
}

// shownValues are a row's values by column, personal ones by their shape; provenance is left out
// but for what makes the row newer and its period.
func (r *feedRun) shownValues(made []string) map[string]string {
	values := map[string]string{}
	if made == nil {
		return values
	}
	provenance := map[string]bool{"source": true, "object_id": true, "row_no": true, "row_hash": true, "normaliser": true, "row_key": true}
	for i, c := range r.dataset.Columns() {
		switch {
		case provenance[c.Name] || made[i] == "":
		case c.Class == "identifier":
			values[c.Name] = "a token"
		case c.Class == "open" || c.Class == "internal":
			values[c.Name] = made[i]
		default:
			values[c.Name] = transforms.Shape(made[i])
		}
	}
	return values
}
