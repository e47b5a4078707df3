package configs

import (
	"cmp"
	"time"
)

// Schedule says when lindung serve runs a job, and what it does when things go otherwise.
type Schedule struct {
	Line int `yaml:"-"` // where it begins in its file

	Cron     string        `yaml:"cron" like:"text" doc:"When, as minute, hour, day of month, month, day of week: \"30 5 * * *\", \"0 6 * * mon-fri\", or @daily, @hourly, @every 15m. The time zone is a key of its own."`
	On       *Workday      `yaml:"on" doc:"When, by working days: {workday: 3, at: \"07:00\"} is the third working day of each month."`
	After    []string      `yaml:"after" like:"name" doc:"The jobs, by feed, by source, or feeds for all of them, that must have ended before: without cron or on, the job runs each time that they have; with one of them, it waits for those that are under way when its time comes."`
	TimeZone string        `yaml:"time_zone" like:"zone" doc:"Time zone of cron and on, such as Asia/Makassar. Left out: the project's."`
	Window   time.Duration `yaml:"window" doc:"What a run of a feed pulls: all that belongs to this long before its time, such as 35d, whatever came before. Left out: what is new since the last pull, and lookback before it."`
	Overlap  string        `yaml:"overlap" one:"skip|queue" doc:"What becomes of a time that comes while the run before still goes on: it is skipped, or it waits."`
	Catchup  string        `yaml:"catchup" one:"none|latest|all" doc:"What becomes of times that passed while the scheduler was off or the machine asleep: all are skipped, the latest runs, or all run, one after the other."`
	Limit    int           `yaml:"catchup_limit" min:"1" max:"1000" doc:"With catchup: all, how many run at most; older ones are skipped."`
	Timeout  time.Duration `yaml:"timeout" doc:"How long a run may take before it is stopped."`
	Retries  int           `yaml:"retries" min:"0" max:"100" doc:"How often a run is tried again when the source was away or something broke. What a quality gate kept out is not tried again."`
	Backoff  time.Duration `yaml:"backoff" doc:"How long the first retry waits; each further one waits twice as long, up to six hours."`
}

func (s *Schedule) setDefaults() {
	*s = Schedule{Overlap: "skip", Catchup: "latest", Limit: 24, Timeout: 6 * time.Hour, Retries: 3, Backoff: 5 * time.Minute}
}

// Workday is a working day of each month, and a time of that day. Working days are Monday to Friday
// without holidays.
type Workday struct {
	Workday int    `yaml:"workday" need:"yes" min:"-20" max:"20" doc:"Which working day of the month: 1 is the first, -1 the last."`
	At      string `yaml:"at" need:"yes" like:"clock" doc:"The time of the day: \"07:00\"."`
}

// Serve says how lindung serve works.
type Serve struct {
	Concurrency int           `yaml:"concurrency" min:"1" max:"64" doc:"How many runs go on at a time."`
	Keep        time.Duration `yaml:"keep_runs" doc:"How long the ledger remembers what ran, and the logs of runs are kept."`
	Holidays    string        `yaml:"holidays" like:"folder" doc:"A CSV file of holidays beside those that come with the program, relative to this file: date, name_id, name_en, kind, source."`
	Build       *Schedule     `yaml:"build" doc:"When a release is built. Left out: after the feeds, whenever they brought something."`
	Report      *Schedule     `yaml:"report" doc:"When the report of the month is written. Left out: after the build."`
	Reports     string        `yaml:"reports" like:"folder" doc:"Folder that reports are written to, relative to this file."`
	Listen      string        `yaml:"listen" like:"listen" doc:"Address and port where metrics and health are asked for, such as 127.0.0.1:9464; \"\" for none. It asks nobody who he is."`
	AllowRemote bool          `yaml:"allow_remote" doc:"Lets listen name an address that other machines reach. What is told there names feeds, sources and numbers of records, never a person; keep it within the ministry's network."`
}

func (s *Serve) setDefaults() {
	*s = Serve{Concurrency: 2, Keep: 400 * 24 * time.Hour, Reports: "reports", Listen: "127.0.0.1:9464"}
}

// Times is the schedule of a feed: its own, or its source's. nil: it is run by hand only.
func (f *Feed) Times() *Schedule { return cmp.Or(f.Schedule, f.Source.Schedule) }

// FollowSchedule is the schedule of a job that runs whenever others have ended.
func FollowSchedule(others string) *Schedule {
	s := &Schedule{}
	s.setDefaults()
	s.After = []string{others}
	return s
}
