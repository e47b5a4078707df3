package reports

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"time"

	"github.com/kp2mi/lindung/figures"
)

//go:embed page.gohtml
var pageText string

//go:embed page.css
var pageStyle string

var page = template.Must(template.New("page").Parse(pageText + themesText + frozenText))

// WriteMonth writes the report on a month as one HTML page that needs nothing else:
// both languages, charts, tables and provenance in the same bytes for the same
// releases. previous is the release before, for the list of restatements; it may be
// nil. newest is given for a month that is frozen in release: what that knows of the month
// stands beside the frozen figures, as revisions.
func WriteMonth(ctx context.Context, w io.Writer, release, previous, newest *figures.Release, at time.Time) error {
	m, err := collect(ctx, release, previous, newest, at)
	if err != nil {
		return err
	}
	document := struct {
		Style template.CSS
		Mark  string
		Views []*view
	}{template.CSS(pageStyle), "", []*view{m.render(indonesian), m.render(english)}}
	if release.Sample() {
		document.Mark = figures.SampleMark
	}
	var b bytes.Buffer
	if err := page.Execute(&b, document); err != nil {
		return fmt.Errorf("writing the report on %s: %w", m.period, err)
	}
	_, err = w.Write(b.Bytes())
	return err
}
