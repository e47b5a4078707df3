package pipelines

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors/formats"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/transforms"
)

// A grumbler is a decoder that reads all and then has something to say against it, or nothing.
type grumbler struct {
	formats.Settings
	says error
}

func (g grumbler) Decode(_ context.Context, _ string, body io.Reader) iter.Seq2[*formats.Batch, error] {
	return func(yield func(*formats.Batch, error) bool) {
		if _, err := io.Copy(io.Discard, body); err != nil {
			yield(nil, err)
		} else if g.says != nil {
			yield(nil, g.says)
		}
	}
}

// What a producer sent wrong goes back to them; what our own disk did to it does not.
func TestOnlyWhatTheProducerCanRepairIsReturned(t *testing.T) {
	for _, tt := range []struct {
		name     string
		says     error
		damaged  bool
		stopped  bool
		returned bool
	}{
		{name: "a decoder's complaint", says: errors.New("line 3: cut off"), returned: true},
		{name: "a damaged landing", damaged: true},
		{name: "a full disk", says: &fs.PathError{Op: "write", Path: "spool", Err: syscall.ENOSPC}},
		{name: "an interruption", says: context.Canceled, stopped: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newNoteWorld(t, configs.Feed{}, "files")
			landed, err := w.r.Lake.Land("unit", "2024-01", strings.NewReader("id\n1\n"), 100)
			if err != nil {
				t.Fatal(err)
			}
			if tt.damaged {
				damage(t, w.r.Lake.Path("landing"))
			}
			ctx, stop := context.WithCancel(t.Context())
			if tt.stopped {
				stop()
			}
			defer stop()
			run := &feedRun{feed: w.feed, lake: w.r.Lake, formats: []formatRule{{matches: func(string) bool { return true }, decode: grumbler{says: tt.says}}}}
			err = run.decodeObject(ctx, landedObject{id: landed.ID, record: lake.ObjectRecord{Name: "a.csv", Month: "2024-01"}}, func(*formats.Batch) bool { return true })
			var bad *unreadable
			if got := errors.As(err, &bad); err == nil || got != tt.returned {
				t.Errorf("returned to the producer: %t, want %t (%v)", got, tt.returned, err)
			}
		})
	}
}

// damage changes a byte in the middle of the only landed object.
func damage(t *testing.T, landing string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(landing, "*", "*", "*.age"))
	if err != nil || len(files) != 1 {
		t.Fatalf("landed objects: %v (%v)", files, err)
	}
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)-10] ^= 1
	if err := errors.Join(os.Chmod(files[0], 0o600), os.WriteFile(files[0], raw, 0o600)); err != nil {
		t.Fatal(err)
	}
}

// Without a header row, the names that were found are a person's values.
func TestWhatStandsInPlaceOfColumnNamesIsNotKept(t *testing.T) {
	u := lacking(landedObject{}, &transforms.MissingColumns{Columns: []string{"country (negara)", "completed_on"}, Header: []string{"3201014101900000", "KANARI"}})
	var columns []string
	for _, p := range u.problems {
		columns = append(columns, p.Code+" "+p.Column)
		if strings.Contains(p.Message, "KANARI") || strings.Contains(p.Message, "320101") {
			t.Errorf("the message holds the header: %s", p.Message)
		}
	}
	if want := []string{"missing_column country", "missing_column completed_on"}; !slices.Equal(columns, want) {
		t.Errorf("problems %q, want %q", columns, want)
	}
}

func TestTheSameDeliveryIsWithheldOnce(t *testing.T) {
	is := lake.Entry{Kind: lake.Withheld, Reason: "why", ReasonCode: "unreadable", ConfigHash: "c", Objects: []lake.ObjectRecord{{ID: "1", Name: "a"}}}
	for name, tt := range map[string]struct {
		last lake.Entry
		want bool
	}{
		"the same":       {is, true},
		"a delivery":     {lake.Entry{Kind: lake.Delivery, Reason: "why", ConfigHash: "c", Objects: is.Objects}, false},
		"other bytes":    {lake.Entry{Kind: lake.Withheld, Reason: "why", ConfigHash: "c", Objects: []lake.ObjectRecord{{ID: "2", Name: "a"}}}, false},
		"other settings": {lake.Entry{Kind: lake.Withheld, Reason: "why", ConfigHash: "d", Objects: is.Objects}, false},
		"another reason": {lake.Entry{Kind: lake.Withheld, Reason: "because", ConfigHash: "c", Objects: is.Objects}, false},
	} {
		r := &feedRun{snap: lake.Snapshot{Entries: []lake.Entry{{Kind: lake.Delivery}, tt.last}}}
		if got := r.withheldAlready(is); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	if (&feedRun{}).withheldAlready(is) {
		t.Error("nothing was withheld yet")
	}
}
