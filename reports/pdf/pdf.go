package pdf

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// ErrNoBrowser says that the machine has no browser to print with. Reports are written in
// their other formats all the same.
var ErrNoBrowser = errors.New("no browser is there to print PDF files with: install the Debian package chromium-headless-shell, or chromium")

// browsers are the programs that can print, the smallest first.
var browsers = []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// Find gives the path of the browser: the configured one, or the first known one on PATH.
// Without one the error is [ErrNoBrowser].
func Find(configured string) (string, error) {
	if configured != "" {
		path, err := exec.LookPath(configured)
		if err != nil {
			return "", fmt.Errorf("the configured browser %s cannot be run (%w): %w", configured, errors.Unwrap(err), ErrNoBrowser)
		}
		return filepath.Abs(path)
	}
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return filepath.Abs(path)
		}
	}
	return "", ErrNoBrowser
}

// defaultTimeout is long for a page that a browser prints in a second or two: a machine under
// load is no reason to have no report.
const defaultTimeout = 2 * time.Minute

// A Printer prints pages. Its zero value takes the browser that Find finds.
type Printer struct {
	Browser string        // path or name; empty: the first known one on PATH
	Timeout time.Duration // for one page; 0: two minutes
}

// About is what a file says of itself beside what is in the page. Language and title come from
// the page.
type About struct {
	Title, Lang string    // as in the page
	Publisher   string    // empty: not said
	Subject     string    // empty: not said
	Created     time.Time // the same for the same page: that of its release, not the hour of printing
}

// Print prints a page. The same page gives the same bytes, as long as the browser and the fonts
// of the machine are the same. The browser runs as the user of this process, in a folder of its
// own that is removed afterwards, and reaches no network.
func (p Printer) Print(ctx context.Context, page []byte, about About) ([]byte, error) {
	browser, err := Find(p.Browser)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "lindung-pdf-")
	if err != nil {
		return nil, fmt.Errorf("making a folder to print in: %w", err)
	}
	defer os.RemoveAll(dir)
	source, target := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	if err := os.WriteFile(source, page, 0o600); err != nil {
		return nil, fmt.Errorf("handing the page to the browser: %w", err)
	}
	timeout := p.Timeout
	if timeout == 0 {
		timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, fmt.Errorf("it was not done after %s", timeout))
	defer cancel()
	said, err := run(ctx, browser, dir, source, target)
	if err != nil {
		return nil, fmt.Errorf("printing by %s: %w%s", browser, err, said)
	}
	raw, err := os.ReadFile(target)
	if err != nil {
		return nil, fmt.Errorf("%s ended without a PDF file%s", browser, said)
	}
	settled, err := settle(raw, about)
	if err != nil {
		return nil, fmt.Errorf("%s wrote a PDF file of an unknown form: %w", browser, err)
	}
	return settled, nil
}

// flags are how the browser is run: once, for one page, with nothing from outside. Letters stand
// where their face says: hinted for a screen's pixels, words fall apart on paper.
func flags(dir, source, target string) []string {
	all := []string{
		"--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync",
		"--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-domain-reliability", "--metrics-recording-only",
		"--disable-dev-shm-usage", "--mute-audio", "--password-store=basic", "--lang=en-US", "--font-render-hinting=none",
		"--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9",
		"--user-data-dir=" + filepath.Join(dir, "profile"),
		"--no-pdf-header-footer", "--generate-pdf-document-outline", "--export-tagged-pdf", "--print-to-pdf=" + target,
	}
	if os.Geteuid() == 0 { // the browser refuses its sandbox to root; everybody else has it
		all = append(all, "--no-sandbox")
	}
	return append(all, "file://"+source)
}

// run runs the browser to its end, or ends it and all that it started with the context. It gives
// what the browser said, for an error.
func run(ctx context.Context, browser, dir, source, target string) (said string, err error) {
	var log tail
	cmd := exec.CommandContext(ctx, browser, flags(dir, source, target)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &log, &log
	// Nothing of this process's surroundings, which may hold secrets, goes to the browser.
	cmd.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + dir, "TMPDIR=" + dir, "XDG_CONFIG_HOME=" + dir, "XDG_CACHE_HOME=" + dir, "XDG_RUNTIME_DIR=" + dir, "LANG=C.UTF-8", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	err = cmd.Run()
	if cmd.Process != nil { // what it left running would keep the folder in use
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return log.String(), err
}

// A tail keeps the end of what a browser says.
type tail struct{ text []byte }

const tailSize = 4000

// Write keeps the end.
func (t *tail) Write(p []byte) (int, error) {
	t.text = append(t.text, p...)
	if extra := len(t.text) - tailSize; extra > 0 {
		t.text = t.text[extra:]
	}
	return len(p), nil
}

// String is the end as a part of an error, or nothing. That there is no desktop to talk to is no
// news on a server.
func (t *tail) String() string {
	var said strings.Builder
	for line := range strings.Lines(string(t.text)) {
		if !strings.Contains(line, "dbus") {
			said.WriteString(line)
		}
	}
	if strings.TrimSpace(said.String()) == "" {
		return ""
	}
	return "; it said:\n" + strings.TrimSpace(said.String())
}
