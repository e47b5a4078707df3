package connectortest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
)

// What follows, up to the test, is a whole connector: a logbook in which somebody writes line under line. Every line
// is an object; the position is the number of lines taken.

func init() {
	connectors.Register(connectors.Kind{Name: "logbook", Summary: "lines that someone adds to a file of the project",
		New: func() connectors.Settings { return &logbook{} }})
}

type logbook struct {
	Path string `yaml:"path" doc:"the file, relative to the project folder"`
	dir  string
}

func (s *logbook) Connect(env connectors.Env) (connectors.Connector, error) {
	if !filepath.IsLocal(s.Path) {
		return nil, errors.New("path: name the file to read, relative to the project folder")
	}
	return &logbook{Path: s.Path, dir: env.Dir}, nil
}

func (s *logbook) Pull(ctx context.Context, req connectors.Request) iter.Seq2[*connectors.Object, error] {
	return func(yield func(*connectors.Object, error) bool) {
		taken, backfill := 0, !req.Window.IsZero()
		if req.Position != nil && !backfill {
			if err := json.Unmarshal(req.Position, &taken); err != nil {
				yield(nil, fmt.Errorf("reading the position of a logbook: %w", err))
				return
			}
		}
		text, err := os.ReadFile(filepath.Join(s.dir, s.Path))
		if err != nil {
			yield(nil, fmt.Errorf("opening logbook %s: %w", s.Path, connectors.ErrUnavailable))
			return
		}
		lines := strings.SplitAfter(string(text), "\n")
		for no := taken + 1; no < len(lines); no++ { // what follows the last line break is still being written
			if ctx.Err() != nil {
				yield(nil, ctx.Err())
				return
			}
			o := &connectors.Object{Name: fmt.Sprintf("line-%06d", no), MediaType: "text/plain", Body: io.NopCloser(strings.NewReader(lines[no-1]))}
			if !backfill {
				o.Position = json.RawMessage(fmt.Sprint(no))
			}
			if !yield(o, nil) {
				return
			}
		}
	}
}

// TestANewConnectorConforms is the recipe's test: a fresh source, a way to add to it and a way to break it.
func TestANewConnectorConforms(t *testing.T) {
	connectortest.Run(t, connectortest.Harness{
		Kind: "logbook",
		Start: func(t *testing.T) *connectortest.Source {
			dir, written := t.TempDir(), ""
			add := func(n int) {
				written += strings.Repeat("another day\n", n)
				if err := os.WriteFile(filepath.Join(dir, "log.txt"), []byte(written), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			add(0)
			return &connectortest.Source{Settings: &logbook{Path: "log.txt"}, Env: connectors.Env{Dir: dir}, Add: add,
				Break: func() { os.Remove(filepath.Join(dir, "log.txt")) }}
		},
	})
}
