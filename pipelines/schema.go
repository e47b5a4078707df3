package pipelines

import (
	"context"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors/formats"
	"github.com/kp2mi/lindung/producers"
	"github.com/kp2mi/lindung/transforms"
)

// A SourceSchema says what a source's columns are, without any of its values.
type SourceSchema struct {
	Feed    string         `json:"feed"`
	Dataset string         `json:"dataset"`
	Objects int            `json:"objects"` // that were looked at
	Records int64          `json:"records"`
	Columns []SourceColumn `json:"columns"`
	Without []string       `json:"fields_without_column"` // fields that no column answers
}

// A SourceColumn is one column as it was found.
type SourceColumn struct {
	Column    string  `json:"column"`
	Form      string  `json:"form"`   // what nearly all texts look like
	Filled    float64 `json:"filled"` // share of the records that say something
	Different int     `json:"different"`
	More      bool    `json:"more_different,omitempty"` // more than were counted
	Resembles string  `json:"resembles,omitempty"`      // the code list that knows nearly all texts
	Field     string  `json:"field,omitempty"`          // of ours, that reads it
	Class     string  `json:"class"`                    // of that field; unread: nobody knows
}

// SourceSchema looks at the columns of a feed's source.
func (r *Runner) SourceSchema(ctx context.Context, feed string) (*SourceSchema, error) {
	if _, err := findFeed(r.Project, feed); err != nil {
		return nil, err
	}
	s := &SourceSchema{}
	return s, r.look(ctx, lookSchema, lookJob{FeedJob: FeedJob{Feed: feed}}, s)
}

func (r *feedRun) schema(ctx context.Context) (*SourceSchema, error) {
	s := &SourceSchema{Feed: r.feed.Name, Dataset: r.feed.Dataset, Columns: []SourceColumn{}, Without: []string{}}
	found, objects, err := r.found(ctx, false)
	if err != nil {
		return nil, err
	}
	s.Objects = objects
	read := map[string][]reader{}
	for _, one := range r.readers() {
		read[one.column] = append(read[one.column], one)
	}
	present := map[string]bool{}
	for _, c := range found.list() {
		key := transforms.HeaderKey(c.Name)
		present[key] = true
		s.Records = max(s.Records, c.Look.Seen())
		one := SourceColumn{Column: c.Name, Form: c.Look.Form(), Filled: float64(c.Look.Filled()) / float64(max(c.Look.Seen(), 1)), Class: "unread",
			Resembles: c.Look.Resembles(r.env.Lists)}
		one.Different, one.More = c.Look.Different()
		for i, reads := range read[key] {
			if i == 0 || reads.input.Personal() {
				one.Class = reads.input.Class
			}
			one.Field = strings.TrimPrefix(one.Field+", "+reads.input.Name, ", ")
		}
		s.Columns = append(s.Columns, one)
	}
	for _, one := range r.readers() {
		if one.column != "" && !present[one.column] {
			s.Without = append(s.Without, one.input.Name)
		}
	}
	return s, nil
}

// found looks at the source's columns: at what is new since the feed's position, if asked for and
// if there is something, else from the beginning.
func (r *feedRun) found(ctx context.Context, news bool) (*columns, int, error) {
	for _, since := range []bool{true, false} {
		if since && (!news || r.snap.Position(r.feed.Name) == nil) {
			continue
		}
		found, objects, last := newColumns(), 0, ""
		err := r.eachBatch(ctx, lookRequest{sincePosition: since, records: lookRecords, objects: lookObjects},
			func(object string, b *formats.Batch, upTo int) (bool, error) {
				if object != last {
					found.newObject()
					last = object
					objects++
				}
				found.add(b, upTo, r.slippedIn(b))
				return true, nil
			})
		if err != nil {
			return nil, 0, err
		}
		if objects > 0 {
			return found, objects, nil
		}
	}
	hint := ""
	if kind := r.feed.Connector.Kind; slices.Contains([]string{"files", "sftp", "s3"}, kind) {
		hint = ". A file is left alone until it was last modified stable_for ago, which is one minute unless the feed says otherwise"
	}
	return nil, 0, gatef("%s: there is nothing to look at: the source has no object with records at present%s", r.feed.Name, hint)
}

// feedsOf are the feeds of a source, or the one feed, of a name; of "" all that are not off.
func (r *Runner) feedsOf(name string) ([]*configs.Feed, error) {
	if name == "" {
		return r.ActiveFeeds(), nil
	}
	var known []string
	for _, s := range r.Project.Sources {
		if s.Name == name {
			return s.Feeds, nil
		}
		known = append(known, s.Name)
		for _, f := range s.Feeds {
			if f.Name == name {
				return []*configs.Feed{f}, nil
			}
			known = append(known, f.Name)
		}
	}
	return nil, usagef("%q is neither a source nor a feed%s", name, nearest(name, known))
}

// A SourceCheck compares the description of one feed with what its source sends.
type SourceCheck struct {
	Feed    string             `json:"feed"`
	File    string             `json:"file"`
	Objects int                `json:"objects"`
	Changes []producers.Change `json:"changes"`
}

// CheckSource compares a source's file with the real source, feed by feed. A feed whose source is
// away is an error; the others are compared.
func (r *Runner) CheckSource(ctx context.Context, name string) ([]SourceCheck, error) {
	feeds, err := r.feedsOf(name)
	if err != nil {
		return nil, err
	}
	var checks []SourceCheck
	var problems []error
	for _, f := range feeds {
		one := SourceCheck{}
		if err := r.look(ctx, lookCompare, lookJob{FeedJob: FeedJob{Feed: f.Name}}, &one); err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			problems = append(problems, err)
			continue
		}
		checks = append(checks, one)
	}
	return checks, worst(problems)
}

func (r *feedRun) compare(ctx context.Context) (*SourceCheck, error) {
	found, objects, err := r.found(ctx, true)
	if err != nil {
		return nil, err
	}
	c := &SourceCheck{Feed: r.feed.Name, File: r.feed.Source.File, Objects: objects}
	c.Changes = producers.Compare(r.feed, r.dataset, r.env.Lists, found.list())
	return c, nil
}

// missingMessage says which required columns a header lacks, with what they may be called now.
func (r *feedRun) missingMessage(missing *transforms.MissingColumns) string {
	return r.feed.Name + ": " + missing.Error() + r.watchHeaders().explain(missing)
}
