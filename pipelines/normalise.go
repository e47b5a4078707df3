package pipelines

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"syscall"

	"github.com/kp2mi/lindung/connectors/formats"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/transforms"
)

// A landedObject is an object whose bytes are kept and which waits for its decoding.
type landedObject struct {
	record lake.ObjectRecord
	id     [16]byte
	keys   bool // a list of the keys that still exist, for key_sweep
}

// normalised is what the transforms made of a feed's objects, in the order of the source.
type normalised struct {
	objects    []lake.ObjectRecord
	store      *rowStore
	rejects    []transforms.Reject
	keySets    []landedObject
	headers    *headerWatch
	tombstones transforms.Rows // rows that the delivery says no longer exist
}

// A formatRule says which decoder reads which objects.
type formatRule struct {
	matches func(name string) bool
	decode  formats.Settings
}

func (r *feedRun) decoderFor(name string) (formats.Settings, error) {
	for _, f := range r.formats {
		if f.matches(name) {
			return f.decode, nil
		}
	}
	return nil, gatef("%s: object %q matches none of the feed's formats; add a rule to formats: in %s", r.feed.Name, name, r.feed.Source.File)
}

// A chunk is one batch on its way through the normalisers. Its place in the queue keeps
// the source's order, so that the result does not depend on the number of processors.
type chunk struct {
	object int
	batch  *formats.Batch
	keep   func(rowNo int64) bool
	done   chan struct{}
	left   []formats.LeftOut // of the object, in a chunk without a batch
	rows   transforms.Rows
	reject []transforms.Reject
	err    error
}

// normaliseObjects decodes the objects one after another and normalises their batches on
// every processor. keep, when given, chooses the records to take (a replay).
func (r *feedRun) normaliseObjects(ctx context.Context, objects []landedObject, m transforms.Mapping, keep func(id [16]byte, rowNo int64) bool) (*normalised, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	workers := runtime.GOMAXPROCS(0)
	work, queue := make(chan *chunk), make(chan *chunk, 2*workers)
	for range workers {
		n, err := r.dataset.Bind(r.env, m)
		if err != nil {
			return nil, failure(ExitUsage, fmt.Errorf("%s: feed %s: %w", r.feed.Source.File, r.feed.Name, err))
		}
		go func() {
			for c := range work {
				c.normalise(n, r.dataset.NewRows(), objects[c.object].id)
			}
		}()
	}
	go func() {
		defer close(work)
		defer close(queue)
		r.decodeObjects(ctx, objects, keep, func(c *chunk) bool {
			select {
			case queue <- c:
			case <-ctx.Done():
				return false
			}
			if c.err != nil {
				close(c.done)
				return false
			}
			if c.batch == nil {
				return true
			}
			select {
			case work <- c:
				return true
			case <-ctx.Done():
				return false
			}
		})
	}()
	return r.collect(ctx, objects, queue)
}

func (c *chunk) normalise(n transforms.Normaliser, rows transforms.Rows, object [16]byte) {
	defer close(c.done)
	var records transforms.Records = c.batch
	if c.keep != nil {
		records = selected(c.batch, c.keep)
	}
	c.rows = rows
	c.reject, c.err = n.Normalise(records, object, rows)
}

// decodeObjects yields the batches of all objects in order. A chunk that carries an error is the last.
func (r *feedRun) decodeObjects(ctx context.Context, objects []landedObject, keep func([16]byte, int64) bool, yield func(*chunk) bool) {
	for i, o := range objects {
		if o.keys {
			continue
		}
		r.event(Event{Step: "normalise", Object: o.record.Name, Done: int64(i), Total: int64(len(objects))})
		err := r.decodeObject(ctx, o, func(b *formats.Batch) bool {
			if b.Len() == 0 && keep != nil {
				return true // it was told when the object was taken
			}
			if b.Len() == 0 {
				done := make(chan struct{})
				close(done)
				return yield(&chunk{object: i, left: b.LeftOut(), done: done})
			}
			c := &chunk{object: i, batch: b, done: make(chan struct{})}
			if keep != nil {
				c.keep = func(rowNo int64) bool { return keep(o.id, rowNo) }
			}
			return yield(c)
		})
		if err != nil {
			yield(&chunk{object: i, err: err, done: make(chan struct{})})
			return
		}
	}
}

// decodeObject decodes one landed object, batch by batch.
func (r *feedRun) decodeObject(ctx context.Context, o landedObject, yield func(*formats.Batch) bool) error {
	decoder, err := r.decoderFor(o.record.Name)
	if err != nil {
		return r.unexpectedObject(o, err)
	}
	opened, err := r.lake.OpenObject(r.feed.Source.Name, o.record.Month, o.id)
	if err != nil {
		return err
	}
	body := &faultReader{ReadCloser: opened}
	defer body.Close()
	var rows int64
	for b, err := range decoder.Decode(ctx, o.record.Name, body) {
		if err != nil {
			told := &Error{Code: ExitGate, cause: err, Message: fmt.Sprintf("%s: object %q cannot be read: %v; nothing of this delivery was taken and the previous data stay", r.feed.Name, o.record.Name, err)}
			if body.err == nil && ctx.Err() == nil && !errors.As(err, new(syscall.Errno)) {
				told.cause = undecodable(o, err)
			}
			return told
		}
		if most := r.feed.Limits.MaxRows; most > 0 && rows+int64(b.Len()) > most {
			return r.tooManyRecords(o, b.Place(int(most-rows)))
		}
		rows += int64(b.Len())
		if !yield(withoutNames(b, r.declared())) {
			return ctx.Err()
		}
	}
	return nil
}

// collect takes the finished chunks in the source's order.
func (r *feedRun) collect(ctx context.Context, objects []landedObject, queue <-chan *chunk) (*normalised, error) {
	out := &normalised{store: newRowStore(r), headers: r.watchHeaders()}
	for _, o := range objects {
		if o.keys {
			out.keySets = append(out.keySets, o)
		}
		out.objects = append(out.objects, o.record)
	}
	undeclared := map[string]bool{}
	for c := range queue {
		select {
		case <-c.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if c.batch != nil {
			out.headers.see(objects[c.object].record.Name, c.batch)
		}
		if c.err != nil {
			return nil, r.batchError(c, objects, out.headers)
		}
		if c.batch == nil {
			r.leftOut(&out.objects[c.object], c.left)
			continue
		}
		r.count(&out.objects[c.object], c)
		out.rejects = append(out.rejects, c.reject...)
		for _, name := range r.undeclared(c.batch.Header()) {
			undeclared[name] = true
		}
		if err := out.store.add(c.rows); err != nil {
			return nil, err
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r.report.Undeclared = slices.Sorted(maps.Keys(undeclared))
	return out, nil
}

func (r *feedRun) batchError(c *chunk, objects []landedObject, headers *headerWatch) error {
	if coded, ok := c.err.(*Error); ok {
		return coded
	}
	problem, cause := c.err.Error(), c.err
	var missing *transforms.MissingColumns
	if errors.As(c.err, &missing) {
		cause = lacking(objects[c.object], missing)
		problem += headers.explain(missing) + "; see the lines to change: lindung sources check " + r.feed.Source.Name
	}
	return &Error{Code: ExitGate, cause: cause, Message: fmt.Sprintf("%s: object %q: %s; nothing of this delivery was taken and the previous data stay", r.feed.Name, objects[c.object].record.Name, problem)}
}

func (r *feedRun) count(o *lake.ObjectRecord, c *chunk) {
	records := int64(c.batch.Len())
	if c.keep != nil {
		records = int64(c.rows.Len() + len(c.reject))
	}
	rejected := int64(len(c.reject))
	o.Records += records
	o.Accepted += int64(c.rows.Len())
	o.Quarantined += rejected
	r.report.Records += records
	r.report.Accepted += int64(c.rows.Len())
	r.report.Quarantined += rejected
	for _, rej := range c.reject {
		seen := map[string]bool{}
		for _, p := range rej.Problems {
			if !seen[p.Code] {
				seen[p.Code] = true
				r.report.Codes[p.Code]++
			}
		}
	}
}

// leftOut notes what rules of the feed took for no records.
func (r *feedRun) leftOut(o *lake.ObjectRecord, left []formats.LeftOut) {
	o.LeftOut = nil
	for _, l := range left {
		o.LeftOut = append(o.LeftOut, lake.LeftOut(l))
		r.report.LeftOut = append(r.report.LeftOut, LeftOut{Object: o.Name, LeftOut: lake.LeftOut(l)})
	}
}

// undeclared names the columns of a header that no field of the feed reads: they stay in
// the landing and are reported, since a new column is often a change that nobody announced.
func (r *feedRun) undeclared(header []string) []string {
	var names []string
	for _, h := range header {
		if h != "" && !r.declared()[transforms.HeaderKey(h)] {
			names = append(names, h)
		}
	}
	return names
}
