package pipelines

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/pipelines/metrics"
)

// A lookout is what a server shows to those who watch it. It is replaced as a whole when the
// configuration is read again, and never changed.
type lookout struct {
	runner *Runner // runs nothing: it is looked at
	jobs   []*Job
}

func (s *Server) lookoutOf(project *configs.Project, jobs []*Job) (*lookout, error) {
	r, err := OpenProject(project, Options{Now: s.o.Clock(), Code: s.o.Code, Log: s.o.Log})
	if err != nil {
		return nil, err
	}
	return &lookout{runner: r, jobs: jobs}, nil
}

// answer answers those who ask for metrics and health, until done. The address is that of the
// configuration that the server began with.
func (s *Server) answer(ctx context.Context) (done func(), err error) {
	listen := s.project.Serve.Listen
	if listen == "" {
		return func() {}, nil
	}
	h := &Health{Runner: func() *Runner { return s.shown.Load().runner }, Ledger: s.ledger, Pulse: &s.pulse, Lease: s.lease.Check,
		Jobs: s.nextDue, Clock: s.o.Clock, Log: s.o.Log}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx)) // it answers while runs come to their ends
	address, ended, err := h.Listen(ctx, listen)
	if err != nil {
		stop()
		return nil, err
	}
	s.o.Log.Info("metrics and health are answered", "address", address)
	return func() {
		stop()
		if err := <-ended; err != nil {
			s.o.Log.Error("metrics and health were answered no more", "error", err)
		}
	}, nil
}

func (s *Server) nextDue() []metrics.Job {
	now := s.o.Clock()
	var jobs []metrics.Job
	for _, j := range s.shown.Load().jobs {
		one := metrics.Job{Name: j.Name}
		if j.Times != nil {
			one.NextDue = j.Times.Next(now)
		}
		jobs = append(jobs, one)
	}
	return jobs
}

// clearLogs removes the logs of runs that ended before a time.
func (s *Server) clearLogs(before time.Time) error {
	dir := LogsDir(s.project.DataDir)
	files, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("clearing old logs: %w", err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err == nil && info.Mode().IsRegular() && filepath.Ext(f.Name()) == ".log" && info.ModTime().Before(before) {
			err = os.Remove(filepath.Join(dir, f.Name()))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("clearing old logs: %w", err)
		}
	}
	return nil
}
