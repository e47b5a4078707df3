package pipelines

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/pipelines/schedule"
)

// The jobs that are no feed.
const (
	jobBuild  = "build"
	jobReport = "report"
	allFeeds  = "feeds" // in after: every active feed
)

// A Job is what the scheduler runs: a feed, the build, or the report.
type Job struct {
	Name  string
	Feed  *configs.Feed // nil: no feed
	Rules *configs.Schedule
	Times *schedule.Times // nil: it only follows others, or is run by hand
	After []string        // the names of jobs
}

// ByHand says that a job runs only when somebody asks for it.
func (j *Job) ByHand() bool { return j.Times == nil && len(j.After) == 0 }

// When says in words when a job runs.
func (j *Job) When() string {
	var parts []string
	if j.Times != nil {
		parts = append(parts, j.Times.String())
	}
	if j.Rules != nil && len(j.Rules.After) > 0 {
		parts = append(parts, "after "+strings.Join(j.Rules.After, ", "))
	}
	if len(parts) == 0 {
		return "by hand"
	}
	return strings.Join(parts, ", ")
}

// fingerprint changes when the times of a job do.
func (j *Job) fingerprint() string {
	if j.Times != nil {
		return j.Times.Fingerprint()
	}
	return strings.Join(j.After, ",")
}

// Calendar is the calendar of a project's working days: the holidays that come with the
// program, and those of its own file.
func Calendar(p *configs.Project) (*schedule.Calendar, error) {
	shipped, err := configs.Reference().Open("holiday.csv")
	if err != nil {
		return nil, err
	}
	defer shipped.Close()
	files := []io.Reader{shipped}
	if p.Serve.Holidays != "" {
		own, err := os.Open(inProject(p, p.Serve.Holidays))
		if err != nil {
			return nil, fmt.Errorf("serve.holidays: %w", err)
		}
		defer own.Close()
		files = append(files, own)
	}
	c, err := schedule.ReadCalendar(files...)
	if err != nil {
		return nil, fmt.Errorf("serve.holidays: %w", err)
	}
	return c, nil
}

// Jobs are the jobs of a project: its active feeds in their order, then the build and the report.
func Jobs(p *configs.Project) ([]*Job, error) {
	calendar, err := Calendar(p)
	if err != nil {
		return nil, configs.Errors{{File: configs.ProjectFile, Message: err.Error()}}
	}
	var jobs []*Job
	var all configs.Errors
	add := func(j *Job, file string, line int) {
		if j.Rules != nil {
			var err error
			if j.Times, err = schedule.New(j.Rules, p.TimeZone, calendar); err != nil {
				all = append(all, configs.Error{File: file, Line: cmp.Or(j.Rules.Line, line), Message: err.Error()})
			}
		}
		if why := windowless(j); why != "" {
			all = append(all, configs.Error{File: file, Line: cmp.Or(j.Rules.Line, line), Message: why})
		}
		jobs = append(jobs, j)
	}
	for _, f := range activeFeeds(p) {
		if slices.Contains([]string{jobBuild, jobReport, allFeeds}, f.Name) {
			all = append(all, configs.Error{File: f.Source.File, Line: f.Line, Message: fmt.Sprintf("a feed cannot be called %q, which is the name of another job; give it another name", f.Name)})
		}
		add(&Job{Name: f.Name, Feed: f, Rules: f.Times()}, f.Source.File, f.Line)
	}
	add(&Job{Name: jobBuild, Rules: orAfter(p.Serve.Build, allFeeds)}, configs.ProjectFile, 0)
	add(&Job{Name: jobReport, Rules: orAfter(p.Serve.Report, jobBuild)}, configs.ProjectFile, 0)
	all = append(all, follow(p, jobs)...)
	if len(all) > 0 {
		return nil, all
	}
	return jobs, nil
}

// windowless says why a job cannot pull a window; "" where it can, or is not asked to.
func windowless(j *Job) string {
	switch {
	case j.Rules == nil || j.Rules.Window == 0:
	case j.Feed == nil:
		return fmt.Sprintf(`"window" is what a feed pulls; %s pulls nothing: take it out`, j.Name)
	case j.Feed.Deletes == "absent_from_snapshot":
		return fmt.Sprintf(`"window" does not go with "deletes: absent_from_snapshot" of feed %s: what lies outside of it would be taken for deleted`, j.Name)
	}
	return ""
}

// CountsWorkdays says whether any schedule of a project goes by working days.
func CountsWorkdays(p *configs.Project) bool {
	counts := func(s *configs.Schedule) bool { return s != nil && s.On != nil }
	return counts(p.Serve.Build) || counts(p.Serve.Report) ||
		slices.ContainsFunc(activeFeeds(p), func(f *configs.Feed) bool { return counts(f.Times()) })
}

// orAfter is a schedule as written, or the one of a job that follows others.
func orAfter(s *configs.Schedule, others string) *configs.Schedule {
	if s != nil {
		return s
	}
	return configs.FollowSchedule(others)
}

// follow finds the jobs that each job comes after.
func follow(p *configs.Project, jobs []*Job) (all configs.Errors) {
	groups, known := groupsOf(p, jobs)
	for _, j := range jobs {
		if j.Rules == nil {
			continue
		}
		file := configs.ProjectFile
		if j.Feed != nil {
			file = j.Feed.Source.File
		}
		for _, name := range j.Rules.After {
			members, ok := groups[name]
			if !ok {
				all = append(all, configs.Error{File: file, Line: j.Rules.Line, Message: fmt.Sprintf("after: %q is no job%s", name, nearest(name, known))})
			}
			for _, m := range members {
				if m != j.Name && !slices.Contains(j.After, m) {
					j.After = append(j.After, m)
				}
			}
		}
	}
	for _, j := range jobs {
		if way := circle(jobs, j.Name, []string{j.Name}); way != nil {
			return append(all, configs.Error{File: configs.ProjectFile, Message: fmt.Sprintf("jobs wait for each other: %s; take one of them out of an \"after\"", strings.Join(way, " after "))})
		}
	}
	return all
}

// groupsOf gives the jobs that each name in an "after" stands for.
func groupsOf(p *configs.Project, jobs []*Job) (groups map[string][]string, known []string) {
	groups = map[string][]string{allFeeds: nil}
	for _, j := range jobs {
		if j.Feed != nil {
			groups[allFeeds] = append(groups[allFeeds], j.Name)
			groups[j.Feed.Source.Name] = append(groups[j.Feed.Source.Name], j.Name)
		}
	}
	for _, s := range p.Sources {
		if _, ok := groups[s.Name]; !ok {
			groups[s.Name] = nil // its feeds are off: nothing to wait for
		}
	}
	for _, j := range jobs {
		groups[j.Name] = []string{j.Name}
	}
	for name := range groups {
		known = append(known, name)
	}
	slices.Sort(known)
	return groups, known
}

// circle finds a way from a job back to itself.
func circle(jobs []*Job, to string, way []string) []string {
	i := slices.IndexFunc(jobs, func(j *Job) bool { return j.Name == way[len(way)-1] })
	for _, next := range jobs[i].After {
		if next == to {
			return append(way, to)
		}
		if !slices.Contains(way, next) {
			if found := circle(jobs, to, append(slices.Clone(way), next)); found != nil {
				return found
			}
		}
	}
	return nil
}

func findJob(jobs []*Job, name string) (*Job, error) {
	var known []string
	for _, j := range jobs {
		if j.Name == name {
			return j, nil
		}
		known = append(known, j.Name)
	}
	return nil, usagef("job %q is not known%s", name, nearest(name, known))
}
