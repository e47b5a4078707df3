package content

import (
	"context"
	"fmt"

	"github.com/kp2mi/lindung/figures"
)

// beside is what a release says beside its figures, read once for all that is written from it.
type beside struct {
	quality      *figures.Quality // nil: it has no scores
	conservation []figures.Conservation
	themes       []figures.ThemeLine
	feeds        []feed
	models       map[string]model
	codeHash     string                // of all models
	inputs       map[string]input      // by dataset
	reconciled   map[figures.Class]int // nil: nothing published to compare with
	past         []revision            // of totals, between releases before this one and this one
	pastTold     bool                  // the release has a record of them
	restated     []figures.Restatement // since the release before
	restatedNow  map[figures.Address]bool
	mainly       map[measurePeriod]figures.Part // the member that mainly explains what a total changed by since the release before
	revised      []figures.Restatement          // of a frozen month, what has become known since
	usual        map[measureKey]revised         // how far a measure is usually revised
	programmes   []figures.Programme
	promises     []figures.Promise
}

// A feed is what a release says of the deliveries of one feed.
type feed struct {
	name, source, dataset, producer, state string
	daysLate                               int64
}

// A model is one SQL text on the way to a KPI.
type model struct {
	sql, sha256 string
}

// An input is the files of one dataset, and one hash over all of theirs.
type input struct {
	files, rows int64
	sha256      string
}

// A revision is a total that a release gave differently from the release before it.
type revision struct {
	of                    measureKey
	period                string
	old, new              string // releases
	oldValue, newValue    float64
	change                float64 // in per cent of the old value, or in points of a share
	reason                figures.Text
	comparable, withdrawn bool
}

func (b *Book) readBeside(ctx context.Context) error {
	for _, step := range []func(context.Context) error{b.readDescriptions, b.readFeeds, b.readModels, b.readInputs, b.readReconciled, b.readPast, b.readRestated, b.readPartners} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("reading what release %s says beside its figures: %w", b.Release.ID, err)
		}
	}
	b.usual = usualRevisions(b.past, b.Release)
	return nil
}

func (b *Book) readPartners(ctx context.Context) (err error) {
	if b.programmes, err = b.Release.Programmes(ctx); err != nil {
		return err
	}
	b.promises, err = b.Release.Promises(ctx)
	return err
}

func (b *Book) readDescriptions(ctx context.Context) (err error) {
	if b.quality, err = b.Release.Quality(ctx); err != nil {
		return err
	}
	if b.conservation, err = b.Release.Conservation(ctx); err != nil {
		return err
	}
	b.themes, err = b.Release.ThemeLines(ctx)
	return err
}

// table reads columns of a table of meta as texts, numbers and times.
func (b *Book) table(ctx context.Context, name string, columns []string, visit func(row []any)) error {
	rows, err := b.Release.Rows(ctx, name, columns)
	for _, row := range rows {
		visit(row)
	}
	return err
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func number(v any) float64 {
	switch v := v.(type) {
	case float64:
		return v
	case int64:
		return float64(v)
	case int32:
		return float64(v)
	}
	return 0
}

func (b *Book) readFeeds(ctx context.Context) error {
	return b.table(ctx, "freshness", []string{"feed", "source", "dataset", "producer", "state", "days_late"}, func(row []any) {
		b.feeds = append(b.feeds, feed{text(row[0]), text(row[1]), text(row[2]), text(row[3]), text(row[4]), int64(number(row[5]))})
	})
}

func (b *Book) readModels(ctx context.Context) error {
	if err := b.table(ctx, "release", []string{"models_hash"}, func(row []any) { b.codeHash = text(row[0]) }); err != nil {
		return err
	}
	b.models = map[string]model{}
	return b.table(ctx, "models", []string{"name", "sql", "hash"}, func(row []any) {
		b.models[text(row[0])] = model{text(row[1]), text(row[2])}
	})
}

func (b *Book) readReconciled(ctx context.Context) error {
	return b.table(ctx, "reconciliation", []string{"class"}, func(row []any) {
		if b.reconciled == nil {
			b.reconciled = map[figures.Class]int{}
		}
		b.reconciled[figures.Class(text(row[0]))]++
	})
}

func (b *Book) readRestated(ctx context.Context) error {
	if b.Previous != nil {
		list, told := b.restatedOnRecord()
		if !told {
			all, err := figures.Restatements(ctx, b.Previous, b.Release, false)
			if err != nil {
				return err
			}
			list = all.List
			for _, r := range list {
				for _, part := range r.Parts {
					b.addPart(part.Address, b.Release.ID, part.Old, part.New)
				}
			}
		}
		b.restated, b.restatedNow = list, map[figures.Address]bool{}
		for _, r := range list {
			b.restatedNow[r.Address] = r.New != nil
		}
	}
	if b.Newest != nil {
		all, err := figures.Restatements(ctx, b.Release, b.Newest, false)
		if err != nil {
			return err
		}
		b.revised = all.List
	}
	return nil
}
