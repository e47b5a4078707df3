package pdf_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	gohtml "golang.org/x/net/html"

	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/document/documenttest"
	"github.com/kp2mi/lindung/reports/html"
	"github.com/kp2mi/lindung/reports/pdf"
)

// needs ends a test whose programs are not installed: on a desk it is skipped, with CI=true they must be there.
func needs(t testing.TB, programs ...string) {
	t.Helper()
	_, err := pdf.Find("")
	for _, p := range programs {
		if _, missing := exec.LookPath(p); missing != nil {
			err = errors.Join(err, fmt.Errorf("%s is not installed (Debian: poppler-utils)", p))
		}
	}
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatal(err)
	case err != nil:
		t.Skip(err)
	}
}

func paper(t testing.TB, d *document.Document) ([]byte, pdf.About) {
	t.Helper()
	var b bytes.Buffer
	if err := html.WritePaper(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), pdf.About{Title: d.Title, Lang: d.Lang, Publisher: d.Publisher, Subject: d.Subject, Created: d.Release.Published}
}

// printed prints a document and keeps the file for the programs that look at it.
func printed(t testing.TB, d *document.Document) (path string) {
	t.Helper()
	page, about := paper(t, d)
	out, err := pdf.Printer{}.Print(context.Background(), page, about)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(path, out, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func says(t testing.TB, program string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", program, args, err, out)
	}
	return string(out)
}

func TestAReportOnPaper(t *testing.T) {
	needs(t, "pdfinfo", "pdftotext")
	for _, lang := range []string{"id", "en"} {
		d := documenttest.Small(lang)
		path := printed(t, d)
		info := says(t, "pdfinfo", path)
		for _, want := range []string{`Title: +` + regexp.QuoteMeta(d.Title), `Tagged: +yes`, `Metadata Stream: +yes`, `JavaScript: +no`, `Page size: .*\(A4\)`, `CreationDate: +Mon Jan 12 03:00:00 2026 UTC`, `ModDate: +Mon Jan 12`} {
			if !regexp.MustCompile(want).MatchString(info) {
				t.Errorf("%s: pdfinfo does not say %s:\n%s", lang, want, info)
			}
		}
		if meta := says(t, "pdfinfo", "-meta", path); !strings.Contains(meta, d.Title) || !strings.Contains(meta, "<rdf:li>"+lang+"</rdf:li>") {
			t.Errorf("%s: the metadata are %s", lang, meta)
		}
		structure := says(t, "pdfinfo", "-struct-text", path)
		for _, want := range []string{"H1 (block)\n", "H2 (block)\n", "H3 (block)\n", "Figure\n", "Table (block)\n", "Caption\n", "/Scope /Column", "L (block)\n", strings.Join(strings.Fields(d.Title)[:3], " ")} {
			if !strings.Contains(structure, want) {
				t.Errorf("%s: the structure lacks %q", lang, want)
			}
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"/Lang (" + lang + ")", "/DisplayDocTitle true", "/Type /Outlines", "/Alt ", "/ID [<"} {
			if !bytes.Contains(raw, []byte(want)) {
				t.Errorf("%s: the file lacks %s", lang, want)
			}
		}
		sheets(t, d, path)
	}
}

// sheets looks at every page: which of how many it is, from which release, marked where data are samples.
func sheets(t *testing.T, d *document.Document, path string) {
	t.Helper()
	pages := strings.Split(strings.TrimSuffix(says(t, "pdftotext", "-layout", path, "-"), "\f"), "\f")
	number := map[string]string{"id": "Halaman %d dari %d", "en": "Page %d of %d"}[d.Lang]
	for i, text := range pages {
		for _, want := range []string{fmt.Sprintf(number, i+1, len(pages)), d.Release.ID, d.Title, documenttest.Mark} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: page %d lacks %q", d.Lang, i+1, want)
			}
		}
		if len(strings.Fields(text)) < 35 { // head and foot alone have 25
			t.Errorf("%s: page %d is nearly empty:\n%s", d.Lang, i+1, text)
		}
	}
	if len(pages) < 4 || len(pages) > 9 {
		t.Errorf("%s: %d pages", d.Lang, len(pages))
	}
}

// What is printed are the words of the page, none cut, none missing.
func TestNoWordIsCut(t *testing.T) {
	needs(t, "pdftotext")
	for _, lang := range []string{"id", "en"} {
		d := documenttest.Small(lang)
		page, _ := paper(t, d)
		want := words(visible(t, page))
		// a compound may go on in the next line behind its own hyphen
		got := words(regexp.MustCompile(`-\n\s*`).ReplaceAllString(says(t, "pdftotext", "-layout", printed(t, d), "-"), "-"))
		for word := range want {
			if !got[word] {
				t.Errorf("%s: the word %q is not in the file", lang, word)
			}
		}
		frame := words("Page of Halaman dari · 1 2 3 4 5 6 7 8 9 • " + d.Title + " " + d.Sample)
		for word := range got {
			if !want[word] && !frame[word] && !regexp.MustCompile(`^(\d+\.|\(?cid.*)$`).MatchString(word) {
				t.Errorf("%s: the file has the word %q, the page does not", lang, word)
			}
		}
	}
}

// words are the words of a text, but for hashes, which may be broken anywhere.
func words(text string) map[string]bool {
	all := map[string]bool{}
	for _, word := range strings.Fields(text) {
		if !regexp.MustCompile(`^[0-9a-f]{17,}$`).MatchString(word) {
			all[word] = true
		}
	}
	return all
}

// visible is the text that a page shows.
func visible(t *testing.T, page []byte) string {
	t.Helper()
	root, err := gohtml.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(*gohtml.Node)
	walk = func(n *gohtml.Node) {
		if n.Type == gohtml.ElementNode && slices.Contains([]string{"head", "title", "desc", "style"}, n.Data) {
			return
		}
		if n.Type == gohtml.TextNode {
			b.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if n.Type == gohtml.ElementNode && !slices.Contains([]string{"span", "b", "a", "small", "code"}, n.Data) {
			b.WriteByte(' ')
		}
	}
	walk(root)
	return b.String()
}

func TestTheSamePageGivesTheSameBytes(t *testing.T) {
	needs(t)
	page, about := paper(t, documenttest.Small("id"))
	first, err := pdf.Printer{}.Print(context.Background(), page, about)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond) // dates in the file have seconds
	second, err := pdf.Printer{}.Print(context.Background(), page, about)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("the same page gives other bytes")
	}
}

// A heading belongs to what follows it: on no sheet of a full report does one stand last.
func TestNoHeadingIsStranded(t *testing.T) {
	needs(t, "pdftotext")
	d := documenttest.Large("en")
	page, _ := paper(t, d)
	headings := map[string]bool{}
	for _, h := range regexp.MustCompile(`(?s)<(h[1-4]|caption)\b.*?</(h[1-4]|caption)>`).FindAll(page, -1) {
		headings[strings.Join(strings.Fields(visible(t, h)), " ")] = true
	}
	if len(headings) < 100 {
		t.Fatalf("%d headings were found in the page", len(headings))
	}
	start := time.Now()
	path := printed(t, d)
	pages := strings.Split(strings.TrimSuffix(says(t, "pdftotext", "-layout", path, "-"), "\f"), "\f")
	t.Logf("%d pages in %v", len(pages), time.Since(start))
	for i, text := range pages {
		lines := strings.Split(strings.TrimSpace(text), "\n")
		last := ""
		for _, line := range lines[:len(lines)-1] { // the last is the foot of the sheet
			if strings.TrimSpace(line) != "" {
				last = strings.Join(strings.Fields(line), " ")
			}
		}
		if headings[last] {
			t.Errorf("page %d ends with the heading %q", i+1, last)
		}
	}
}

func TestNoBrowser(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for _, printer := range []pdf.Printer{{}, {Browser: "no-such-browser"}, {Browser: "/no/such/browser"}} {
		_, err := printer.Print(context.Background(), []byte("<p>"), pdf.About{})
		if !errors.Is(err, pdf.ErrNoBrowser) || !strings.Contains(err.Error(), "chromium-headless-shell") || !strings.Contains(err.Error(), printer.Browser) {
			t.Errorf("%q: %v does not say what to install", printer.Browser, err)
		}
	}
}

// pretend is a program in the place of a browser.
func pretend(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "browser")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestABrowserThatHangsIsEndedWithItsChildren(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pid")
	printer := pdf.Printer{Browser: pretend(t, "sleep 600 &\necho $! > "+file+"\nwait"), Timeout: 500 * time.Millisecond}
	start := time.Now()
	_, err := printer.Print(context.Background(), []byte("<p>"), pdf.About{})
	if err == nil || !strings.Contains(err.Error(), "it was not done after 500ms") || time.Since(start) > 30*time.Second {
		t.Fatalf("%v after %v", err, time.Since(start))
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || bytes.Contains(stat, []byte(") Z ")) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	_ = syscall.Kill(pid, syscall.SIGKILL)
	t.Error("a child of the browser goes on")
}

func TestACancelledPrint(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := (pdf.Printer{Browser: pretend(t, "sleep 600")}).Print(ctx, nil, pdf.About{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestABrowserThatCannot(t *testing.T) {
	t.Setenv("SECRET", "hidden")
	for script, want := range map[string]string{
		"echo no usable sandbox >&2; exit 3": "exit status 3; it said:\nno usable sandbox",
		"exit 0":                             "ended without a PDF file",
		"env; exit 1":                        "HOME=/",
		`for a in "$@"; do case $a in --print-to-pdf=*) echo nothing > "${a#*=}";; esac; done`: "wrote a PDF file of an unknown form: it does not end with a trailer",
	} {
		_, err := pdf.Printer{Browser: pretend(t, script)}.Print(context.Background(), []byte("<p>"), pdf.About{})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: got %v, want %s", script, err, want)
		}
	}
}
