package alerts

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kp2mi/lindung/configs"
)

// said chooses a text by language; Indonesian is the first.
func said(language, id, en string) string {
	if language == "en" {
		return en
	}
	return id
}

// Moment writes a time as people read it.
func Moment(t time.Time, zone *time.Location, language string) string {
	t = t.In(zone)
	if language == "en" {
		return t.Format("2 January 2006, 15:04 MST")
	}
	return fmt.Sprintf("%d %s %d, %s", t.Day(), configs.IndonesianMonth(t.Month()), t.Year(), t.Format("15.04 MST"))
}

// Count groups the digits of a number as the language does.
func Count(n int64, language string) string {
	digits := strconv.FormatInt(n, 10)
	for at := len(digits) - 3; at > 0 && digits[at-1] != '-'; at -= 3 {
		digits = digits[:at] + said(language, ".", ",") + digits[at:]
	}
	return digits
}

// Gigabytes writes a number of bytes with one decimal.
func Gigabytes(n int64, language string) string {
	tenths := (n + 5e7) / 1e8
	return Count(tenths/10, language) + said(language, ",", ".") + strconv.FormatInt(tenths%10, 10) + " GB"
}

// groupWords tell of several subjects of one party: how many, whose, which.
var groupWords = map[string][2]string{
	FeedFailed:       {"%d feed dari %s gagal: %s", "%d feeds of %s failed: %s"},
	DeliveryWithheld: {"Kiriman %d feed dari %s ditahan: %s", "The deliveries of %d feeds of %s are withheld: %s"},
	Late:             {"Kiriman %d feed dari %s terlambat: %s", "The deliveries of %d feeds of %s are late: %s"},
	Volume:           {"Jumlah rekaman %d feed dari %s di luar kebiasaan: %s", "%d feeds of %s have an unusual number of records: %s"},
}

func groupText(e Entry) (id, en string) {
	words, which := groupWords[e.Kind], strings.Join(e.Subjects, ", ")
	return fmt.Sprintf(words[0], len(e.Subjects), e.Party, which), fmt.Sprintf(words[1], len(e.Subjects), e.Party, which)
}

var severityWords = map[string][2]string{
	Info: {"info", "info"}, Warning: {"peringatan", "warning"}, Error: {"kesalahan", "error"}, Critical: {"gawat", "critical"},
}

var eventWords = map[string]struct{ heading, counted [2]string }{
	Began:     {[2]string{"Baru", "New"}, [2]string{"%d masalah baru", "%d new"}},
	Repeated:  {[2]string{"Belum selesai", "Still so"}, [2]string{"%d belum selesai", "%d still so"}},
	Recovered: {[2]string{"Sudah pulih", "Recovered"}, [2]string{"%d sudah pulih", "%d recovered"}},
}

func (e Entry) text(language string) string { return said(language, e.TextID, e.TextEN) }

// alertText puts what is told into words: a subject of one line, and a text.
func (p Project) alertText(entries []Entry, language string) (subject, text string) {
	counts := map[string]int{}
	for _, e := range entries {
		counts[e.Event]++
	}
	var parts []string
	for _, event := range events {
		if w := eventWords[event].counted; counts[event] > 0 {
			parts = append(parts, fmt.Sprintf(said(language, w[0], w[1]), counts[event]))
		}
	}
	subject = strings.Join(parts, ", ")
	if len(entries) == 1 {
		w := eventWords[entries[0].Event].heading
		subject = said(language, w[0], w[1]) + ": " + entries[0].text(language)
	}
	var b strings.Builder
	if p.Mark != "" {
		b.WriteString(p.Mark + "\n\n")
	}
	for _, event := range events {
		if counts[event] == 0 {
			continue
		}
		w := eventWords[event].heading
		b.WriteString(said(language, w[0], w[1]) + "\n")
		for _, e := range entries {
			if e.Event == event {
				p.writeEntry(&b, e, language)
			}
		}
		b.WriteString("\n")
	}
	if counts[Began]+counts[Repeated] > 0 {
		b.WriteString(said(language, "Sudah ada yang menangani? Diamkan dengan: ", "Is somebody on it? Quieten it with: "))
		first := entries[slices.IndexFunc(entries, func(e Entry) bool { return e.Event != Recovered })]
		fmt.Fprintf(&b, "lindung alerts ack %s/%s --for 1d --why %s\n", first.Kind, first.Subjects[0], said(language, "ALASAN", "REASON"))
	}
	return p.title(subject), strings.TrimRight(b.String(), "\n") + "\n"
}

// title is the one line that people see first: whose it is, and that it is about no real person where
// that is so.
func (p Project) title(what string) string {
	if p.Mark != "" {
		return "[DATA CONTOH] " + p.Name + ": " + what
	}
	return p.Name + ": " + what
}

// mostCommands is how many commands an entry of many subjects shows.
const mostCommands = 3

func (p Project) writeEntry(b *strings.Builder, e Entry, language string) {
	w := severityWords[e.Severity]
	fmt.Fprintf(b, "- [%s] %s. ", said(language, w[0], w[1]), e.text(language))
	if e.Event == Recovered {
		fmt.Fprintf(b, said(language, "Dari %s sampai %s.\n", "From %s until %s.\n"), Moment(e.Since, p.Zone, language), Moment(e.Ended, p.Zone, language))
		return
	}
	fmt.Fprintf(b, said(language, "Sejak %s.\n", "Since %s.\n"), Moment(e.Since, p.Zone, language))
	for _, command := range e.Commands[:min(len(e.Commands), mostCommands)] {
		b.WriteString("  " + command + "\n")
	}
}

// Test is a message by which somebody tries a channel.
func Test(p Project, c *configs.Channel, now time.Time) Message {
	m := Message{ID: fmt.Sprintf("test-%d", now.UnixNano()), Kind: MessageTest, Project: p.Name, Mark: p.Mark, Made: now.UTC(), Language: c.Language}
	m.Subject = p.title(said(c.Language, "uji coba saluran ", "test of the channel ") + c.Name)
	m.Text = fmt.Sprintf(said(c.Language, "Saluran %s berfungsi. Dikirim %s.\n", "The channel %s works. Sent %s.\n"), c.Name, Moment(now, p.Zone, c.Language))
	if p.Mark != "" {
		m.Text = p.Mark + "\n\n" + m.Text
	}
	return m
}
