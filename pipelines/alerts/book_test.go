package alerts

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/pipelines/ledger"
)

var noon = time.Date(2026, 1, 15, 5, 0, 0, 0, time.UTC)

// A diary keeps a ledger, and tells what was told when.
type diary struct {
	t      *testing.T
	ledger *ledger.Ledger
	told   []string
}

func newDiary(t *testing.T) *diary {
	t.Helper()
	l, err := ledger.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return &diary{t: t, ledger: l}
}

// look lets Judge look at what holds some time after noon. A name that ends in ~ is tentative, one
// that ends in = is held, and ?KIND says that nothing is known of a kind.
func (d *diary) look(after time.Duration, holds string) {
	d.t.Helper()
	var present []Condition
	unknown := map[string]bool{}
	for _, name := range strings.Fields(holds) {
		if kind, is := strings.CutPrefix(name, "?"); is {
			unknown[kind] = true
			continue
		}
		subject := strings.TrimRight(name, "~=")
		present = append(present, Condition{Kind: "late", Subject: subject, Severity: Warning, TextID: subject, TextEN: subject,
			Tentative: strings.HasSuffix(name, "~"), Held: strings.HasSuffix(name, "=")})
	}
	now := noon.Add(after)
	err := d.ledger.Judge(now, func(book []ledger.Notice) ([]ledger.Notice, []ledger.Message) {
		changed, tell := Judge(book, present, func(kind string) bool { return unknown[kind] }, 24*time.Hour, now)
		for _, one := range tell {
			d.told = append(d.told, fmt.Sprintf("%s %s %s", after, one.Event, one.Subject))
		}
		return changed, nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *diary) is(want ...string) {
	d.t.Helper()
	if diff := cmp.Diff(want, d.told); diff != "" {
		d.t.Errorf("told (-want +got):\n%s", diff)
	}
}

const (
	minute = time.Minute
	hour   = time.Hour
)

func TestAThingIsToldOnceThenAgainThenThatItEnded(t *testing.T) {
	d := newDiary(t)
	for after := time.Duration(0); after <= 30*hour; after += 10 * minute {
		d.look(after, "a")
	}
	d.look(31*hour, "")
	d.look(31*hour+10*minute, "")
	d.look(60*hour, "")
	d.is("0s began a", "24h0m0s repeated a", "31h10m0s recovered a")
	book, err := d.ledger.Notices()
	if err != nil || len(book) != 1 || book[0].Open() || !book[0].Ended.Equal(noon.Add(31*hour)) || !book[0].Since.Equal(noon) {
		t.Errorf("book: %+v, %v", book, err)
	}
}

// What comes and goes within minutes is one thing; what comes back within a day ends later each time.
func TestWhatComesAndGoesIsToldLess(t *testing.T) {
	d := newDiary(t)
	for i := range time.Duration(60) { // two minutes on, two off, for four hours
		d.look(i*4*minute, "a")
		d.look(i*4*minute+2*minute, "")
	}
	d.is("0s began a")
	d.look(5*hour, "")
	d.look(6*hour, "a") // the second time
	d.look(6*hour+30*minute, "")
	d.look(6*hour+45*minute, "")
	d.look(6*hour+50*minute, "")
	d.look(9*hour, "a")          // the third
	d.look(9*hour+minute, "")    //
	d.look(9*hour+40*minute, "") // not yet 40 minutes away
	d.look(9*hour+41*minute, "")
	d.is("0s began a", "5h0m0s recovered a", "6h0m0s began a", "6h50m0s recovered a", "9h0m0s began a", "9h41m0s recovered a")
	d.look(40*hour, "a") // a day later all is forgotten
	d.look(41*hour, "")
	d.look(41*hour+10*minute, "")
	if got := d.told[len(d.told)-1]; got != "41h10m0s recovered a" {
		t.Errorf("told last: %s", got)
	}
	if got := settle(40); got != settleMost {
		t.Errorf("settles after %s", got)
	}
}

func TestWhatIsAcknowledgedIsQuiet(t *testing.T) {
	d := newDiary(t)
	d.look(0, "a b c")
	for _, key := range []string{"late/a", "late/b"} {
		if err := d.ledger.Ack(key, "siti", "server moves", noon.Add(72*hour), noon.Add(hour)); err != nil {
			t.Fatal(err)
		}
	}
	d.look(25*hour, "a b c")
	d.look(50*hour, "a") // b and c end
	d.look(51*hour, "a")
	d.look(71*hour, "a")
	d.look(72*hour, "a") // the time is over, and it goes on
	d.look(73*hour, "a")
	d.is("0s began a", "0s began b", "0s began c", "25h0m0s repeated c", "51h0m0s recovered c", "72h0m0s repeated a")
	book, err := d.ledger.Notices()
	if err != nil || book[0].Key != "late/a" || book[0].AckedBy != "" || !book[0].AckUntil.IsZero() {
		t.Errorf("an acknowledgement that ran out stays: %+v, %v", book[0], err)
	}
	if err := d.ledger.Ack("late/b", "siti", "x", noon.Add(80*hour), noon); err == nil {
		t.Error("what has ended was acknowledged")
	}
}

func TestAnAcknowledgementCanBeTakenBack(t *testing.T) {
	d := newDiary(t)
	d.look(0, "a")
	if err := d.ledger.Ack("late/a", "siti", "x", noon.Add(72*hour), noon); err != nil {
		t.Fatal(err)
	}
	if err := d.ledger.Unack("late/a"); err != nil {
		t.Fatal(err)
	}
	d.look(25*hour, "a")
	d.is("0s began a", "25h0m0s repeated a")
	if err := d.ledger.Unack("late/a"); err == nil {
		t.Error("what nobody acknowledged was taken back")
	}
}

// What is being tried again has not failed yet; what was told does not end by being tried again.
func TestWhatIsTriedAgain(t *testing.T) {
	d := newDiary(t)
	d.look(0, "a~")
	d.look(hour, "a")
	d.look(2*hour, "a~")
	d.look(5*hour, "a~")
	d.look(6*hour, "a")
	d.is("1h0m0s began a")
}

// What is held is written down, and told when it is held no longer; what ended before was never told.
func TestWhatIsHeld(t *testing.T) {
	d := newDiary(t)
	d.look(0, "a= b=")
	d.look(23*hour, "a=")
	d.look(23*hour+30*minute, "a=")
	d.look(24*hour, "a")
	d.look(25*hour, "a=")
	d.look(48*hour, "a=")
	d.is("24h0m0s began a", "48h0m0s repeated a")
}

func TestWhatCannotBeLookedAtStays(t *testing.T) {
	d := newDiary(t)
	d.look(0, "a")
	d.look(hour, "?late")
	d.look(5*hour, "?late")
	d.look(6*hour, "a")
	d.is("0s began a")
}

// A clock that is set back, or jumps ahead, neither repeats for ever nor falls silent for ever.
func TestClocksMayJump(t *testing.T) {
	d := newDiary(t)
	d.look(0, "a")
	d.look(1000*24*hour, "a") // ahead: what is due is told once
	d.look(hour, "a")         // and back
	d.look(2*hour, "a")
	d.look(25*hour, "a") // a day by the clock that is right again
	d.look(26*hour, "")
	d.look(27*hour, "")
	d.is("0s began a", "24000h0m0s repeated a", "25h0m0s repeated a", "27h0m0s recovered a")
}

// The kinds that a channel may name are those that there are.
func TestTheKindsOfTheConfiguration(t *testing.T) {
	field, _ := reflect.TypeFor[configs.Channel]().FieldByName("Kinds")
	want := []string{FeedFailed, RunFailed, BuildFailed, ReleaseWithheld, ReleaseBehind, DeliveryWithheld, Late, Volume, DiskLow, TargetUnreachable,
		Undeliverable, LetterUndeliverable, HeartbeatFailed, Unreadable}
	if got := strings.Split(field.Tag.Get("one"), "|"); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if !slices.Equal(configs.Severities, []string{Info, Warning, Error, Critical}) {
		t.Errorf("severities: %v", configs.Severities)
	}
}
