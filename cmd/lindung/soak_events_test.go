package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/kp2mi/lindung/pipelines/ledger"
)

// night is what a source does before the morning.
func (s *soak) night(f *soakSource) {
	s.tidy(f)
	now, roll := s.clock.now(), s.random.IntN(100)
	switch {
	case f.bad != "" && f.until > s.day:
		s.note("%s: still %s", f.feed, f.bad)
	case f.bad != "":
		s.note("%s: mends that %s", f.feed, f.bad)
		f.bad = ""
		s.publishes(f, 0)
	case roll < 55:
		s.publishes(f, roll/45) // sometimes with a record that nobody can read
	case roll < 65:
		f.late = true
	case roll < 70 && f.feed == "gate_arrivals" && !f.pending():
		s.uploads(f)
	case roll < 78 && s.day > 4:
		s.breaks(f)
	case roll < 85 && !f.pending():
		s.note("%s: the same again", f.feed)
		s.must(f.again(s.dir, now))
	}
	if f.bad != "" {
		s.mayFail[f.feed], s.mayLag[f.feed] = f.bad, f.bad
	}
	if !f.uploading && s.chance(8) {
		s.fault(f)
	}
	if f.paused == 0 && s.chance(3) {
		f.paused = s.day + 1 + s.random.IntN(3)
		s.note("%s: paused until day %d", f.feed, f.paused)
		s.steer(func(l *ledger.Ledger) error { return l.Pause(f.feed, "uji", "soak", now) })
	}
	if f.paused > 0 {
		s.mayLag[f.feed] = "paused"
	}
}

// tidy ends what yesterday's troubles were.
func (s *soak) tidy(f *soakSource) {
	f.setFault("", 0)
	f.late = false
	s.folderBack(f)
	if f.paused > 0 && f.paused <= s.day {
		f.paused = 0
		s.note("%s: resumed", f.feed)
		s.steer(func(l *ledger.Ledger) error { return l.Resume(f.feed) })
	}
}

func (s *soak) publishes(f *soakSource, wrong int) {
	for _, e := range f.live(s.random, s.clock.now()) {
		s.note("%s", e)
	}
	if wrong > 0 {
		s.note("%s: %d records cannot be read", f.feed, wrong)
	}
	s.must(f.publish(s.dir, wrong, s.clock.now()))
}

// breaks makes a source deliver for some days what must be withheld.
func (s *soak) breaks(f *soakSource) {
	f.bad, f.until = "too many cannot be read", s.day+1+s.random.IntN(3)
	wrong := 2*len(f.rows) + 20
	if s.chance(60) && len(f.taken) > 8 {
		if bad := map[string]string{"office_cases": "no keys", "money_quarterly": "cut short", "gate_arrivals": "a column is renamed"}[f.feed]; bad != "" {
			f.bad, wrong = bad, 0
		}
	}
	s.note("%s: from now on %s", f.feed, f.bad)
	s.publishes(f, wrong)
}

// uploads leaves a file lying that is not whole yet: its rows are told when it is.
func (s *soak) uploads(f *soakSource) {
	s.note("%s: a file is being sent", f.feed)
	f.uploading = true
	s.mayLag[f.feed] = "its file came too late"
	s.must(drop(f.listFile(s.dir), "id,negara,tiba,diperbarui\nG-0,Tai", s.at(5, 10).Add(-10*time.Second)))
}

func (s *soak) folder(f *soakSource) string {
	return map[string]string{"money_quarterly": filepath.Join(s.dir, "uang"), "gate_arrivals": filepath.Join(s.dir, "tiba")}[f.feed]
}

func (s *soak) folderBack(f *soakSource) {
	if f.away {
		s.must(os.Rename(s.folder(f)+".away", s.folder(f)))
		f.away = false
	}
}

// fault makes a source fail today: once, so that the next try succeeds, or all day.
func (s *soak) fault(f *soakSource) {
	once := s.chance(60)
	s.mayFail[f.feed] = "a fault"
	s.story.counts["faults"]++
	if folder := s.folder(f); folder != "" {
		f.away, f.backSoon = true, once
		s.must(os.Rename(folder, folder+".away"))
		s.note("%s: its folder is away (once: %t)", f.feed, once)
	} else {
		kind := []string{"500", "cut", "500 on page 2", "hang"}[s.random.IntN(4)]
		once = once || kind == "hang"
		f.setFault(kind, map[bool]int{true: 1, false: -1}[once])
		s.note("%s: %s (once: %t)", f.feed, kind, once)
	}
	if !once {
		s.mayLag[f.feed] = "a fault"
	}
}

// sleep is some days on which the machine is off, or asleep; the world goes on.
func (s *soak) sleep() {
	nights, off := 1+s.random.IntN(3), s.chance(50)
	s.note("%d days asleep (off: %t)", nights, off)
	if off {
		s.close()
	}
	for range nights {
		s.day++
		s.clock.set(s.at(4, 0))
		for _, f := range s.sources {
			if f.bad == "" && !f.away && !f.uploading && s.chance(60) {
				s.publishes(f, 0)
			}
		}
	}
	for _, f := range s.sources {
		if f.uploading { // it lies there longer than anybody sends a file
			s.must(drop(f.listFile(s.dir), "", s.at(5, 10).Add(-10*time.Second)))
		}
	}
	if off {
		s.reopen()
	}
}

// early is what happens to the server before the feeds run, or while they do.
func (s *soak) early() {
	switch roll := s.random.IntN(100); {
	case roll < 6:
		s.note("the server is stopped and started")
		s.close()
		s.reopen()
	case roll < 11:
		s.killServer()
	case roll < 17:
		s.killChild()
	case roll < 22:
		s.fillDisk()
	}
}

// killServer runs the morning in a process of its own, and kills it there.
func (s *soak) killServer() {
	in := time.Duration(s.random.IntN(2500)) * time.Millisecond
	s.note("the server is killed after %s", in)
	s.anyMayFail("the server is killed")
	s.close()
	c := exec.Command(program, "serve", "--once", "--dir", s.dir, "--now", s.at(5, 10).Format(time.RFC3339))
	c.Stderr = s.log
	s.must(c.Start())
	time.Sleep(in)
	_ = c.Process.Kill()
	_ = c.Wait()
	s.reopen()
}

func (s *soak) killChild() {
	in := time.Duration(1+s.random.IntN(800)) * time.Millisecond
	s.note("the next child is killed after %s", in)
	s.anyMayFail("a child is killed")
	s.killIn.Store(int64(in))
}

func (s *soak) anyMayFail(why string) {
	s.story.counts[why]++
	for _, f := range s.sources {
		s.mayFail[f.feed] = why
	}
	s.mayFail["build"], s.mayFail["report"] = why, why
}

// between is what happens after the feeds have run.
func (s *soak) between() {
	s.emptyDisk()
	for _, f := range s.sources {
		if f.uploading {
			f.uploading = false
			s.publishes(f, 0)
		}
		if f.backSoon {
			s.folderBack(f)
		}
		f.backSoon = false
	}
	switch roll := s.random.IntN(100); {
	case roll < 5:
		s.clock.set(s.at(4, 58))
		s.runNow("money_quarterly")
		s.settle(4, 58, "the clock went back")
	case roll < 9:
		s.story.moveUnit(s)
	case roll < 12:
		s.badConfiguration()
	case roll < 17:
		s.killChild() // in a second try, or in the build
	}
}

// reconfigure changes a file of the project and lets the server read it.
func (s *soak) reconfigure(file string, change func(text []byte) []byte) (before []byte) {
	path := filepath.Join(s.dir, file)
	before, err := os.ReadFile(path)
	s.must(err)
	s.must(os.WriteFile(path, change(before), 0o644))
	s.reload <- syscall.SIGHUP
	s.settle(5, 20, "the configuration is read again")
	return before
}

func (s *soak) badConfiguration() {
	s.note("a configuration that is not valid")
	refused := strings.Count(s.log.String(), "the configuration was not taken")
	before := s.reconfigure("sources/unit.yaml", func(text []byte) []byte { return append(bytes.Clone(text), "colour: red\n"...) })
	if strings.Count(s.log.String(), "the configuration was not taken") != refused+1 {
		s.fail("a configuration that is not valid was taken")
	}
	s.must(os.WriteFile(filepath.Join(s.dir, "sources", "unit.yaml"), before, 0o644))
}

// afternoon is what happens when people are about.
func (s *soak) afternoon() {
	s.settle(12, 0, "noon")
	for _, f := range s.sources {
		if f.late && f.bad == "" && !f.away {
			s.note("%s: late", f.feed)
			s.publishes(f, 0)
			s.mayLag[f.feed] = "late"
		}
	}
	switch roll := s.random.IntN(100); {
	case roll < 15:
		f := s.sources[s.random.IntN(len(s.sources))]
		s.runNow(f.feed)
		s.settle(12, 30, "run-now")
	case roll < 18:
		s.cancels(s.sources[0])
	case roll < 22:
		s.clock.set(s.at(17, 0))
		s.runNow("gate_arrivals")
		s.settle(17, 0, "the clock is five hours ahead")
		s.clock.set(s.at(12, 40))
		s.runNow("unit_placements")
		s.settle(12, 40, "the clock is right again")
		s.settle(17, 30, "five hours later")
	case roll < 24:
		s.settle(32, 0, "the clock is a day ahead")
		s.story.ahead = s.day + 1
		s.settle(13, 0, "the clock is right again")
	}
}

// cancels stops a run that hangs, as lindung runs cancel does.
func (s *soak) cancels(f *soakSource) {
	if f.paused > 0 {
		return
	}
	f.setFault("hang", 1)
	s.runNow(f.feed)
	s.mayFail[f.feed], s.mayLag[f.feed] = "cancelled", "cancelled"
	ctx, done := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.cancelWhenItRuns(ctx) }()
	s.settle(12, 30, "a run is cancelled")
	done()
	s.must(<-ended)
	f.setFault("", 0)
}

func (s *soak) cancelWhenItRuns(ctx context.Context) error {
	l, err := ledger.Open(filepath.Join(s.dir, "data"))
	if err != nil {
		return err
	}
	defer l.Close()
	for ; ctx.Err() == nil; time.Sleep(100 * time.Millisecond) {
		running, err := l.Runs(ledger.RunFilter{State: ledger.Running, Job: "unit_placements"})
		if err != nil {
			return err
		}
		if len(running) > 0 {
			return l.AskCancel(running[0].ID, s.clock.now())
		}
	}
	return nil
}
