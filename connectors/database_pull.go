package connectors

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"sync/atomic"
	"time"
)

// partBytes is where a part of a pull ends, whatever its number of rows: parts are
// held in memory.
const partBytes = 16 << 20

type databaseConnector struct {
	settings     Database
	target       databaseTarget
	dialect      *dialect
	env          Env
	zone         *time.Location // of limits in time
	query, sweep query
	open         func(*databasePull) (databaseSession, error)
}

// A databaseSession is one connection in one transaction: it reads one snapshot
// and cannot write.
type databaseSession interface {
	// describe tells the columns of a query.
	describe(context.Context, *statement) ([]tableColumn, error)
	// rows begins to read.
	rows(ctx context.Context, s *statement, columns []tableColumn) (tableRows, error)
	// close ends the session, and on the server what is still running there.
	close(idle bool)
}

type databasePull struct {
	c        *databaseConnector
	ctx      context.Context
	req      Request
	session  databaseSession
	position keysetPosition
	values   map[string]*string
	after    keysetAt
	idle     bool // nothing is running on the server for us
	stalled  atomic.Bool
	yield    func(*Object) bool
}

// Pull yields what is new.
func (c *databaseConnector) Pull(ctx context.Context, req Request) iter.Seq2[*Object, error] {
	return objectsOf(func(yield func(*Object) bool) error {
		p := &databasePull{c: c, ctx: ctx, req: req, idle: true, yield: yield}
		return p.run()
	})
}

func (p *databasePull) run() (err error) {
	if err := p.begin(); err != nil {
		return fmt.Errorf("pulling %s: %w", p.c.place(), err)
	}
	p.session, err = p.c.open(p)
	if err != nil {
		return p.fail(err)
	}
	defer func() { p.session.close(p.idle) }()
	if p.c.settings.CursorColumn != "" {
		err = p.parts()
	} else {
		err = p.whole(p.c.query, Data)
	}
	if err != nil || !p.req.Sweep || p.c.settings.SweepQuery == "" {
		return err
	}
	// In the same snapshot: a row that is in the data is in the list of keys.
	return p.whole(p.c.sweep, Keys)
}

// Test signs in and has the server carry out the query for no row: that is when it checks
// names, types and the right to read.
func (c *databaseConnector) Test(ctx context.Context) (err error) {
	p := &databasePull{c: c, ctx: ctx, idle: true}
	if err := p.begin(); err != nil {
		return fmt.Errorf("pulling %s: %w", c.place(), err)
	}
	if p.session, err = c.open(p); err != nil {
		return p.fail(err)
	}
	defer func() { p.session.close(p.idle) }()
	s := &c.settings
	queries := []query{c.query}
	if s.SweepQuery != "" {
		queries = append(queries, c.sweep)
	}
	for i, q := range queries {
		sel := &selection{none: true}
		if i == 0 {
			sel.cursor, sel.key, sel.column = s.CursorColumn, s.KeyColumn, s.WindowColumn
		}
		rows, _, err := p.start(q, sel)
		if err != nil {
			return err
		}
		if _, err := rows.next(nil); err != io.EOF {
			return p.fail(err)
		}
		p.idle = true
	}
	return nil
}

// begin reads the position and settles the values of the parameters.
func (p *databasePull) begin() error {
	s, d := &p.c.settings, p.c.dialect
	if len(p.req.Position) > 0 && p.req.Window.IsZero() {
		decoder := json.NewDecoder(bytes.NewReader(p.req.Position))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&p.position); err != nil {
			return errors.New("the position is not one that this connector wrote")
		}
	}
	if p.position.Updated != "" {
		p.after = keysetAt{cursor: &p.position.Updated}
		if s.KeyColumn != "" && p.position.Key != "" {
			p.after.key = &p.position.Key
		}
		if p.req.Lookback > 0 {
			since, ok := earlier(p.position.Updated, p.req.Lookback)
			if !ok {
				return errors.New("lookback: the values of cursor_column are no dates or times: leave lookback out")
			}
			p.after = keysetAt{cursor: &since}
		}
	}
	earliest, latest := d.earliest, d.latest
	p.values = map[string]*string{"since": &s.Start, "after_key": p.after.key, "from": &earliest, "to": &latest}
	if p.after.cursor != nil {
		p.values["since"] = p.after.cursor
	}
	if w := p.req.Window; !w.From.IsZero() {
		earliest = w.From.In(p.c.zone).Format(d.instant)
	}
	if w := p.req.Window; !w.To.IsZero() {
		latest = w.To.In(p.c.zone).Format(d.instant)
	}
	return nil
}

// place names the source in messages; no user and no secret is in it.
func (c *databaseConnector) place() string {
	what := "the query"
	if c.settings.Table != "" {
		what = "table " + c.settings.Table
	}
	return fmt.Sprintf("%s in %s database %s at %s", what, c.dialect.kind, c.target.database, c.target.address())
}

// fail words an error of the session.
func (p *databasePull) fail(err error) error {
	if cause := context.Cause(p.ctx); cause != nil {
		return fmt.Errorf("pulling %s: %w", p.c.place(), cause)
	}
	if content := (contentError{}); errors.As(err, &content) {
		return fmt.Errorf("pulling %s: %w", p.c.place(), content.error)
	}
	if p.stalled.Load() {
		// Drivers hide why a connection ended.
		return fmt.Errorf("pulling %s: %w: %w", p.c.place(), ErrUnavailable, errStalled)
	}
	meant := p.c.word(err)
	if meant.unavailable {
		return fmt.Errorf("pulling %s: %w: %w", p.c.place(), ErrUnavailable, meant.err)
	}
	return fmt.Errorf("pulling %s: %w", p.c.place(), meant.err)
}

// object describes what a pull yields; part is 0 for a whole.
func (p *databasePull) object(part int, role Role) *Object {
	table := "query"
	if p.c.settings.Table != "" {
		table = p.c.settings.Table
	}
	if role == Keys {
		table += "-keys"
	}
	name := objectName(p.c.target.database) + "/" + objectName(table)
	if part > 0 {
		name += fmt.Sprintf("/part-%06d", part)
	}
	return &Object{Name: name + ".csv", MediaType: "text/csv; charset=utf-8", Role: role,
		Meta: map[string]string{"url": fmt.Sprintf("%s://%s/%s", p.c.dialect.schemes[0], p.c.target.address(), objectName(p.c.target.database))}}
}

// start describes a query and begins to read it.
func (p *databasePull) start(q query, sel *selection) (tableRows, []byte, error) {
	var err error
	sel.query, sel.values, sel.window, sel.zone = q, p.values, p.req.Window, p.c.zone
	p.idle = false // a describing server may begin to compute
	if sel.columns, err = p.session.describe(p.ctx, p.c.describing(q, p.values)); err != nil {
		return nil, nil, p.fail(err)
	}
	p.idle = true
	header, err := csvHeader(sel.columns)
	if err != nil {
		return nil, nil, p.fail(contentError{err})
	}
	statement, err := sel.statement(p.c.dialect)
	if err != nil {
		return nil, nil, p.fail(contentError{err})
	}
	p.idle = false
	rows, err := p.session.rows(p.ctx, statement, sel.columns)
	if err != nil {
		return nil, nil, p.fail(err)
	}
	return &cappedRows{tableRows: rows, settings: &p.c.settings}, header, nil
}

// whole streams everything as one object.
func (p *databasePull) whole(q query, role Role) error {
	sel := &selection{}
	if role == Data {
		sel.key, sel.column = p.c.settings.KeyColumn, p.c.settings.WindowColumn
	}
	rows, header, err := p.start(q, sel)
	if err != nil {
		return err
	}
	body := &tableBody{rows: rows, buffer: header, fail: p.fail}
	o := p.object(0, role)
	o.Body = body
	if !p.yield(o) {
		return errEnough
	}
	if p.idle = body.drained; !p.idle {
		return errEnough // unread, or its error was given to its reader
	}
	return nil
}

// parts yields the rows after the committed one, each part with its position.
func (p *databasePull) parts() error {
	s := &p.c.settings
	sel := &selection{cursor: s.CursorColumn, key: s.KeyColumn, column: s.WindowColumn, after: p.after}
	rows, header, err := p.start(p.c.query, sel)
	if err != nil {
		return err
	}
	at := func(name string) int {
		return slices.IndexFunc(sel.columns, func(c tableColumn) bool { return c.name == name })
	}
	k := &keysetReader{rows: rows, cursor: at(s.CursorColumn), key: at(s.KeyColumn), settings: s}
	for number := 1; ; number++ {
		body, count, err := k.part(slices.Clone(header))
		last := err == io.EOF
		if err != nil && !last {
			return p.fail(err)
		}
		p.idle = last
		// Nothing new is no object; but what is empty from the beginning on shows its
		// columns.
		if count == 0 && (number > 1 || p.position.Updated != "" || !p.req.Window.IsZero()) {
			return nil
		}
		o := p.object(number, Data)
		o.Body = io.NopCloser(bytes.NewReader(body))
		// Parts of the lookback do not move the position backwards.
		if count > 0 && p.req.Window.IsZero() && (p.req.Lookback == 0 || p.position.Updated == "" || sameOrLater(k.last.Updated, p.position.Updated)) {
			if o.Position, err = json.Marshal(k.last); err != nil {
				return fmt.Errorf("writing the position of %s: %w", p.c.place(), err)
			}
		}
		if !p.yield(o) {
			return errEnough
		}
		if last {
			return nil
		}
	}
}

// keysetReader cuts rows into parts and checks what keyset positions rest on.
type keysetReader struct {
	rows        tableRows
	cursor, key int // columns; key is -1 when there is none
	settings    *Database
	last        keysetPosition
	number      int64
}

// part appends rows until a part is full; io.EOF says that it is the last one.
func (k *keysetReader) part(body []byte) ([]byte, int, error) {
	for count := 0; ; count++ {
		if count == k.settings.PartRows || len(body) >= partBytes {
			return body, count, nil
		}
		whole := len(body)
		var err error
		if body, err = k.rows.next(body); err != nil {
			return body[:whole], count, err
		}
		if err := k.advance(); err != nil {
			return nil, 0, contentError{err}
		}
	}
}

func (k *keysetReader) advance() error {
	k.number++
	cursor, key := k.rows.cell(k.cursor), []byte(nil)
	if k.key >= 0 {
		key = k.rows.cell(k.key)
	}
	switch {
	case len(cursor) == 0 || k.key >= 0 && len(key) == 0:
		return fmt.Errorf("row %d has nothing in cursor_column or key_column: rows without them cannot be followed; fill the column in the query, as in coalesce(changed_at, created_at), or leave such rows out", k.number)
	case string(cursor) == "infinity" || string(cursor) == "-infinity":
		return fmt.Errorf("row %d has an infinite cursor_column: nothing could come after it; leave such rows out in the query", k.number)
	case k.number > 1 && string(cursor) == k.last.Updated && string(key) == k.last.Key:
		if k.key < 0 {
			return fmt.Errorf("rows %d and %d have the same cursor_column: name a key_column that tells them apart", k.number-1, k.number)
		}
		return fmt.Errorf("rows %d and %d have the same cursor_column and key_column: name a key_column that tells them apart", k.number-1, k.number)
	}
	k.last = keysetPosition{Updated: string(cursor), Key: string(key)}
	return nil
}
