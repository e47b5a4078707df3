package reports

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/figures/figurestest"
)

var december = time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC)

func releases(t testing.TB) (late, early *figures.Release) {
	t.Helper()
	var err error
	if late, err = figures.Open(context.Background(), figurestest.Late(t)); err != nil {
		t.Fatal(err)
	}
	if early, err = figures.Open(context.Background(), figurestest.Early(t)); err != nil {
		t.Fatal(err)
	}
	return late, early
}

func write(t testing.TB, release, previous *figures.Release, at time.Time) string {
	t.Helper()
	return writeFrozen(t, release, previous, nil, at)
}

func writeFrozen(t testing.TB, release, previous, newest *figures.Release, at time.Time) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteMonth(context.Background(), &b, release, previous, newest, at); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
