package html_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/kp2mi/lindung/reports/document/documenttest"
	"github.com/kp2mi/lindung/reports/pdf"
)

// axePath is where `make browser` puts the judge of accessibility.
func axePath(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(cache, "lindung", "axe-core-4.12.1", "axe.min.js")
}

// A tab shows pages in a real browser.
type tab struct {
	*testing.T
	ctx context.Context
}

// browse opens a browser. On a desk without one the test is skipped; with CI=true it must be there.
func browse(t *testing.T) tab {
	t.Helper()
	path, err := pdf.Find("")
	if _, missing := os.Stat(axePath(t)); missing != nil {
		err = errors.Join(err, fmt.Errorf("%s is not there: make browser", axePath(t)))
	}
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatal(err)
	case err != nil:
		t.Skip(err)
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()),
		chromedp.WSURLReadTimeout(time.Minute), chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return tab{t, ctx}
}

func (b tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.Fatal(err)
	}
}

// ask evaluates a script in the page.
func ask[T any](b tab, script string) T {
	b.Helper()
	answer, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatal(err)
	}
	return answer
}

// show loads a page as a file, as it is opened from a stick.
func (b tab) show(page string) {
	b.Helper()
	path := filepath.Join(b.TempDir(), "page.html")
	if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
		b.Fatal(err)
	}
	b.do(chromedp.Navigate("file://" + path))
}

// as shows the page at a width, on a medium, in a theme.
func (b tab) as(width int64, medium, theme string) {
	b.Helper()
	b.do(chromedp.EmulateViewport(width, 900), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: medium, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}})
		return err
	}))
}

// choose shows a language, with all that opens on demand open or closed.
func (b tab) choose(lang string, open bool) {
	b.Helper()
	ask[string](b, fmt.Sprintf(`document.getElementById("lang-%s").click(); document.querySelectorAll("details").forEach((d) => { d.open = %v }); ""`, lang, open))
}

// The widest content of a sheet of A4 between its margins, in CSS pixels, upright and sideways.
const (
	sheetWidth    = 680
	sidewaysWidth = 1009
)

// A verdict is what geometry.js says.
type verdict struct {
	Problems []string
	Texts    int
}

func TestGeometry(t *testing.T) {
	geometry, err := os.ReadFile("testdata/geometry.js")
	if err != nil {
		t.Fatal(err)
	}
	b := browse(t)
	judge := func(what string) {
		found := ask[verdict](b, string(geometry))
		for _, p := range found.Problems {
			t.Errorf("%s: %s", what, p)
		}
		if found.Texts < 100 {
			t.Errorf("%s: only %d texts were looked at", what, found.Texts)
		}
	}
	printed := func(what string) {
		sideways := func(hidden bool) {
			ask[string](b, fmt.Sprintf(`document.querySelectorAll(".sideways").forEach((e) => { e.style.display = %v ? "none" : "" }); ""`, hidden))
		}
		sideways(true) // these stand on sheets of their own
		b.as(sheetWidth, "print", "dark")
		judge(what)
		sideways(false)
		b.as(sidewaysWidth, "print", "dark")
		judge(what + ", sideways")
	}
	b.show(written(t, both(withCharts)...))
	for _, lang := range []string{"id", "en"} {
		for _, width := range []int64{340, 360, 800, 1280} {
			for _, open := range []bool{false, true} {
				b.as(width, "screen", "light")
				b.choose(lang, open)
				judge(fmt.Sprintf("%s at %d, open %v", lang, width, open))
			}
		}
		b.choose(lang, false)
		printed(lang + " printed from a screen")
	}
	for _, lang := range []string{"id", "en"} {
		b.show(onPaper(t, withCharts(lang)))
		printed(lang + " on paper")
	}
}

// The judge of geometry must see what is wrong.
func TestGeometryIsSeen(t *testing.T) {
	geometry, err := os.ReadFile("testdata/geometry.js")
	if err != nil {
		t.Fatal(err)
	}
	b := browse(t)
	for body, want := range map[string]string{
		`<p style="position:absolute;top:0">one</p><p style="position:absolute;top:5px">two</p>`: "lie on each other",
		`<p style="width:2000px">wide</p>`:                                                                                     "the page is 2008 px wide",
		`<p style="position:absolute;left:-20px">left</p>`:                                                                     "reaches beyond the page",
		`<p style="width:20px;overflow:hidden;white-space:nowrap">cut off here</p>`:                                            "is cut by its <p",
		`<svg width="100" height="20" viewBox="0 0 100 20" style="overflow:visible"><text x="80" y="15">too long</text></svg>`: "reaches beyond its drawing",
		`<svg width="100" height="20" viewBox="0 0 100 20"><text x="0" y="15">one</text><text x="8" y="15">two</text></svg>`:   "lie on each other",
	} {
		b.show("<!doctype html><body>" + body)
		b.as(1280, "screen", "light")
		if found := ask[verdict](b, string(geometry)); !strings.Contains(strings.Join(found.Problems, "\n"), want) {
			t.Errorf("%s: found %q, want %q", body, found.Problems, want)
		}
	}
}

func TestNothingKeepsAnybodyOut(t *testing.T) {
	b := browse(t)
	axe, err := os.ReadFile(axePath(t))
	if err != nil {
		t.Fatal(err)
	}
	judge := func(what string) {
		found := ask[[]string](b, `axe.run(document, { resultTypes: ["violations"] }).then((r) => r.violations.map((v) => v.id + ": " + v.help + ": " + v.nodes.slice(0, 5).map((n) => n.target.join(" ") + " " + n.html.slice(0, 120)).join("; ")))`)
		for _, violation := range found {
			t.Errorf("%s: %s", what, violation)
		}
	}
	b.show(written(t, both(withCharts)...))
	ask[string](b, string(axe)+`;""`)
	for _, lang := range []string{"id", "en"} {
		for _, view := range []struct {
			theme string
			width int64
			open  bool
		}{{"light", 1280, false}, {"light", 360, true}, {"dark", 1280, true}} {
			b.as(view.width, "screen", view.theme)
			b.choose(lang, view.open)
			judge(fmt.Sprintf("%s, %+v", lang, view))
		}
	}
	b.show(onPaper(t, withCharts("id")))
	ask[string](b, string(axe)+`;""`)
	judge("paper")
	b.show(`<!doctype html><html lang="id"><title>x</title><p style="color:#ccc">pale`)
	ask[string](b, string(axe)+`;""`)
	if pale := ask[[]string](b, `axe.run().then((r) => r.violations.map((v) => v.id))`); !slices.Contains(pale, "color-contrast") {
		t.Errorf("the judge does not see pale text: %v", pale)
	}
}

// heard are the headings that somebody who listens to the page comes by.
func (b tab) heard() []string {
	b.Helper()
	var names []string
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		tree, err := cdp.Call(ctx, target, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		for _, n := range tree.Nodes {
			if n.Role != nil && string(n.Role.Value) == `"heading"` && !n.Ignored {
				var name string
				err = errors.Join(err, json.Unmarshal([]byte(n.Name.Value), &name))
				names = append(names, name)
			}
		}
		return err
	}))
	return names
}

// A keyboard reaches the report and changes its language; the other one is silent.
func TestTheKeyboardIsEnough(t *testing.T) {
	b := browse(t)
	id, en := documenttest.Small("id"), documenttest.Small("en")
	b.show(written(t, id, en))
	b.as(1280, "screen", "light")
	focused := func() string {
		return ask[string](b, `document.activeElement.id || document.activeElement.className || document.activeElement.localName`)
	}
	if heard := b.heard(); !slices.Contains(heard, id.Title) || slices.Contains(heard, en.Title) {
		t.Errorf("at first the headings %q are heard", heard)
	}
	b.do(chromedp.KeyEvent(kb.Tab))
	if got := focused(); got != "skip" {
		t.Errorf("the first stop is %q, want the link to the report", got)
	}
	b.do(chromedp.KeyEvent(kb.Tab))
	if got := focused(); got != "lang-id" {
		t.Errorf("the second stop is %q, want the switch between languages", got)
	}
	b.do(chromedp.KeyEvent(kb.ArrowDown))
	if heard := b.heard(); !slices.Contains(heard, en.Title) || slices.Contains(heard, id.Title) {
		t.Errorf("after the switch the headings %q are heard", heard)
	}
	ask[string](b, `document.querySelector(".skip").focus(); ""`)
	b.do(chromedp.KeyEvent(kb.Enter))
	if got := focused(); got != "isi" {
		t.Errorf("the link to the report leads to %q", got)
	}
}

// Paper is white whatever the reader's screen is, and has no switches.
func TestPrintedFromADarkScreen(t *testing.T) {
	b := browse(t)
	b.show(written(t, both(withCharts)...))
	b.as(1280, "screen", "dark")
	const background = `getComputedStyle(document.body).backgroundColor`
	dark := ask[string](b, background)
	b.as(sheetWidth, "print", "dark")
	light := ask[string](b, background)
	if dark != "rgb(20, 24, 29)" || light != "rgb(255, 255, 255)" {
		t.Errorf("the screen is %s, the sheet %s", dark, light)
	}
	seen := ask[[]bool](b, `[".top", ".contents", ".screen-only", "article[lang=en]", ".programs pre", "article[lang=id] figure table"].map((s) => document.querySelector(s).checkVisibility())`)
	if fmt.Sprint(seen) != "[false false false false true true]" {
		t.Errorf("on paper these are seen: %v", seen)
	}
}
