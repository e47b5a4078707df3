package alerts

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/pipelines/ledger"
)

var update = flag.Bool("update", false, "write the golden files anew")

var project = Project{Name: "Lindung Pusat", Zone: time.FixedZone("WIB", 7*3600)}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func notice(kind, subject, party, severity, id, en, command string, since time.Duration) ledger.Notice {
	return ledger.Notice{Key: kind + "/" + subject, Kind: kind, Subject: subject, Party: party, Severity: severity,
		TextID: id, TextEN: en, Command: command, Since: noon.Add(since)}
}

func failed(feed, party string) ledger.Notice {
	return notice(FeedFailed, feed, party, Error, "Feed "+feed+" gagal: sumbernya tidak dapat dihubungi", "The feed "+feed+" failed: its source cannot be reached",
		"lindung runs show 20260115T050000Z-000007", 0)
}

// A day on which much goes wrong at once: one message for each channel, by what it takes.
func TestOneMessageForEachChannel(t *testing.T) {
	withheld := notice(DeliveryWithheld, "bp3mi_placements", "bp3mi", Error, "Kiriman Penempatan (bp3mi_placements) ditahan: terlalu banyak rekaman bermasalah",
		"The delivery of Placements (bp3mi_placements) is withheld: too many records have problems", "lindung quarantine note bp3mi_placements", -26*time.Hour)
	late := notice(Late, "bi_remittances", "bi", Warning, "Kiriman Remitansi (bi_remittances) terlambat: ditunggu 14 Januari 2026, 00.00 WIB, setiap bulan, paling lambat tanggal 10",
		"The delivery of Remittances (bi_remittances) is late: awaited by 14 January 2026, 00:00 WIB, every month by day 10", "lindung sources test bi_remittances", -12*time.Hour)
	late.Ended = noon.Add(-10 * time.Minute)
	tell := []Telling{
		{Recovered, late}, {Repeated, withheld}, {Began, failed("kasus_cases", "kasus")}, {Began, failed("kasus_events", "kasus")}, {Began, failed("mitra_partners", "mitra")},
		{Began, notice(DiskLow, "data", "", Critical, "Ruang bebas di samping data kurang dari 8,6 GB", "Less than 8.6 GB of space is free beside the data", "lindung doctor", 0)},
	}
	channels := []*configs.Channel{
		{Name: "all", Language: "id", Severity: Info}, {Name: "all_en", Language: "en", Severity: Info},
		{Name: "disk", Language: "id", Severity: Info, Kinds: []string{DiskLow}}, {Name: "calm", Language: "id", Severity: Critical, Kinds: []string{Late}},
	}
	messages := Compose(project, channels, tell, noon)
	var on []string
	for _, kept := range messages {
		m, err := Unpack(kept)
		if err != nil {
			t.Fatal(err)
		}
		on = append(on, kept.Channel)
		golden(t, "alerts_"+kept.Channel+".txt", m.Subject+"\n\n"+m.Text)
	}
	if got := strings.Join(on, " "); got != "all all_en disk" {
		t.Errorf("told on %s", got)
	}
	again := Compose(project, channels, tell, noon)
	later := Compose(project, channels, tell, noon.Add(time.Minute))
	if again[0].Key != messages[0].Key || later[0].Key == messages[0].Key || messages[0].Key == messages[1].Key {
		t.Error("equal messages have one key, others have others")
	}
}

// A channel that takes no messages is not told that it takes none.
func TestABrokenChannelIsToldOfOnTheOthers(t *testing.T) {
	channels := []*configs.Channel{{Name: "mail", Severity: Info}, {Name: "chat", Severity: Info}}
	messages := Compose(project, channels, []Telling{{Began, notice(Undeliverable, "mail", "", Error, "x", "x", "x", 0)}}, noon)
	if len(messages) != 1 || messages[0].Channel != "chat" {
		t.Errorf("told on %+v", messages)
	}
}

func TestSampleDataIsMarked(t *testing.T) {
	p := project
	p.Mark = SampleMark
	c := &configs.Channel{Name: "all", Language: "en", Severity: Info}
	m, err := Unpack(Compose(p, []*configs.Channel{c}, []Telling{{Began, failed("kasus_cases", "kasus")}}, noon)[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []Message{m, Test(p, c, noon)} {
		if !strings.HasPrefix(m.Text, SampleMark+"\n") || !strings.HasPrefix(m.Subject, "[DATA CONTOH] ") || m.Mark != SampleMark {
			t.Errorf("not marked: %+v", m)
		}
	}
}

func TestTheDigest(t *testing.T) {
	acked := failed("kasus_cases", "kasus")
	acked.AckedBy, acked.AckUntil, acked.AckWhy = "siti", noon.Add(48*time.Hour), "peladen dipindah"
	full := Digest{Project: project.Name, Mark: SampleMark, From: noon.Add(-24 * time.Hour), To: noon,
		Runs:     []RunCount{{"report", ledger.Succeeded, 1}, {"run", ledger.Succeeded, 22}, {"run", ledger.Unavailable, 2}},
		Records:  RecordCount{Feeds: 240, Failed: 2, Accepted: 1234567, Quarantined: 89},
		Problems: []ledger.Notice{failed("mitra_partners", "mitra")},
		Late:     []ledger.Notice{notice(Late, "bi_remittances", "bi", Warning, "Kiriman Remitansi (bi_remittances) terlambat: ditunggu 14 Januari 2026, 00.00 WIB", "The delivery of Remittances (bi_remittances) is late: awaited by 14 January 2026, 00:00 WIB", "", 0)},
		Acked:    []ledger.Notice{acked}, Waiting: []Waiting{{"bp3mi_placements", 1018}},
		Release: "r000042", AsOf: noon.Add(-50 * time.Hour), Behind: 3, Free: 5_430_000_000, Low: 8_589_934_592, Unsent: 2,
	}
	for name, d := range map[string]Digest{"full": full, "empty": {Project: project.Name, From: noon.Add(-24 * time.Hour), To: noon, Free: 1_234_560_000_000, Low: 1}} {
		for _, language := range []string{"id", "en"} {
			subject, text, err := d.Write(language, project.Zone)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "digest_"+name+"_"+language+".txt", subject+"\n\n"+text)
		}
	}
}

func TestCounts(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 7: "7", 999: "999", 1000: "1.000", 1234567: "1.234.567", -1234: "-1.234", -123: "-123"} {
		if got := Count(n, "id"); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

// A letter that waits since a version that knew one attachment is delivered with it.
func TestALetterOfTheVersionBefore(t *testing.T) {
	m, err := Unpack(ledger.Message{Key: "note-1", Recipient: "b@contoh.example", Content: `{"kind":"note","subject":"Nota","attachment":"notes/f/n.html"}`})
	if err != nil || len(m.Attachments) != 1 || m.Attachments[0] != "notes/f/n.html" || m.Subject != "Nota" {
		t.Errorf("%v, %+v", err, m)
	}
	m.Attachments = []string{"a.html", "b.pdf"}
	if again, err := Unpack(Pack(m, "surat", "")); err != nil || len(again.Attachments) != 2 || again.Attachments[1] != "b.pdf" {
		t.Errorf("%v, %+v", err, again)
	}
}
