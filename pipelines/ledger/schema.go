package ledger

// schema is what an empty file is given. Times are UTC texts of one width, so that they
// sort, and so that people who open the file can read them. version is kept in user_version.
const version = 1

const schema = `
CREATE TABLE leases (
	name       TEXT PRIMARY KEY,          -- work: whoever changes the lake or the releases; serve: the scheduler
	fence      INTEGER NOT NULL,          -- grows by one with every holder: an older number is refused
	held       INTEGER NOT NULL,
	pid        INTEGER NOT NULL,
	pid_space  TEXT NOT NULL,             -- in which a pid means something
	started    INTEGER NOT NULL,          -- start of the process, in the kernel's ticks: pids are used again
	boot       TEXT NOT NULL,             -- of the machine
	expires    INTEGER NOT NULL,          -- milliseconds since that boot, asleep or not: clocks may jump
	command    TEXT NOT NULL,
	since      TEXT NOT NULL
);
CREATE TABLE runs (
	id          TEXT PRIMARY KEY,
	command     TEXT NOT NULL,            -- run, backfill, build, replay, renormalise, freeze, publish, rollback, report
	trigger     TEXT NOT NULL,            -- manual, schedule, run_now, retry
	job         TEXT NOT NULL,            -- of the schedule; empty for a command that names no job
	due         TEXT NOT NULL,            -- the occurrence that this run is for
	window_from TEXT NOT NULL,
	window_to   TEXT NOT NULL,
	attempt     INTEGER NOT NULL,
	retry_of    TEXT NOT NULL,
	state       TEXT NOT NULL,            -- running, succeeded, nothing_new, withheld, unavailable, failed, cancelled, interrupted
	started     TEXT NOT NULL,
	ended       TEXT NOT NULL,
	known_at    TEXT NOT NULL,            -- knowledge time of what it committed
	pid         INTEGER NOT NULL,
	fence       INTEGER NOT NULL,
	code        TEXT NOT NULL,
	config_hash TEXT NOT NULL,
	release     TEXT NOT NULL,            -- that it published
	peak_memory INTEGER NOT NULL,
	exit_code   INTEGER NOT NULL,
	error       TEXT NOT NULL,
	cancel      TEXT NOT NULL             -- when somebody asked that it stop
);
CREATE INDEX runs_by_start ON runs (started);
CREATE INDEX runs_by_job ON runs (job, started);
CREATE TABLE run_feeds (
	run_id      TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
	feed        TEXT NOT NULL,
	source      TEXT NOT NULL,
	dataset     TEXT NOT NULL,
	outcome     TEXT NOT NULL,            -- committed, nothing_new, withheld, failed
	commit_no   INTEGER NOT NULL,
	objects     INTEGER NOT NULL,
	redelivered INTEGER NOT NULL,
	bytes       INTEGER NOT NULL,
	records     INTEGER NOT NULL,
	accepted    INTEGER NOT NULL,
	quarantined INTEGER NOT NULL,
	tombstones  INTEGER NOT NULL,
	codes       TEXT NOT NULL,            -- quarantined records by problem code, as JSON
	retries     INTEGER NOT NULL,         -- requests that had to be asked again
	seconds     REAL NOT NULL,
	peak_memory INTEGER NOT NULL,
	exit_code   INTEGER NOT NULL,
	error       TEXT NOT NULL,
	ended       TEXT NOT NULL,
	PRIMARY KEY (run_id, feed)
);
CREATE INDEX run_feeds_by_feed ON run_feeds (feed, ended);
CREATE TABLE run_steps (
	run_id  TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
	feed    TEXT NOT NULL,                -- empty: of the build
	no      INTEGER NOT NULL,
	step    TEXT NOT NULL,
	seconds REAL NOT NULL,
	PRIMARY KEY (run_id, feed, no)
);
CREATE TABLE totals (                     -- what counters show: they never go back, though old runs are forgotten
	name   TEXT NOT NULL,
	label  TEXT NOT NULL,
	detail TEXT NOT NULL,
	value  REAL NOT NULL,
	PRIMARY KEY (name, label, detail)
);
CREATE TABLE jobs (
	job         TEXT PRIMARY KEY,
	fingerprint TEXT NOT NULL,            -- of its schedule; another one begins anew, from now on
	decided     TEXT NOT NULL,            -- up to here every occurrence is decided
	seen        INTEGER NOT NULL,         -- of a job that follows others: up to which end of theirs it has followed
	paused      TEXT NOT NULL,            -- since when
	paused_by   TEXT NOT NULL,
	pause_why   TEXT NOT NULL
);
CREATE TABLE ends (                       -- ends of occurrences are numbered, for clocks may go back
	newest INTEGER NOT NULL
);
INSERT INTO ends VALUES (0);
CREATE TABLE occurrences (
	id         INTEGER PRIMARY KEY,
	job        TEXT NOT NULL,
	due        TEXT NOT NULL,
	trigger    TEXT NOT NULL,             -- schedule, after, run_now
	state      TEXT NOT NULL,             -- waiting, running, done, skipped, cancelled
	not_before TEXT NOT NULL,             -- a retry waits until then
	attempt    INTEGER NOT NULL,
	run_id     TEXT NOT NULL,             -- of the newest attempt
	reason     TEXT NOT NULL,
	until      TEXT NOT NULL,             -- of a row that stands for several skipped ones: the last of them
	count      INTEGER NOT NULL,
	decided    TEXT NOT NULL,
	end_no     INTEGER NOT NULL DEFAULT 0, -- of one that is done: the how-manieth end it is
	UNIQUE (job, due, trigger)
);
CREATE INDEX occurrences_open ON occurrences (state) WHERE state IN ('waiting', 'running');
CREATE TABLE backfills (
	id          INTEGER PRIMARY KEY,
	feed        TEXT NOT NULL,
	chunk       TEXT NOT NULL,            -- day, week, month, quarter, year, or empty: all at once
	window_from TEXT NOT NULL,
	window_to   TEXT NOT NULL,
	begun       TEXT NOT NULL,
	ended       TEXT NOT NULL             -- when its last chunk was done
);
CREATE TABLE chunks (
	backfill    INTEGER NOT NULL REFERENCES backfills (id) ON DELETE CASCADE,
	no          INTEGER NOT NULL,
	window_from TEXT NOT NULL,
	window_to   TEXT NOT NULL,
	state       TEXT NOT NULL,            -- waiting, done
	run_id      TEXT NOT NULL,            -- of the newest try
	outcome     TEXT NOT NULL,            -- of that run
	records     INTEGER NOT NULL,
	accepted    INTEGER NOT NULL,
	quarantined INTEGER NOT NULL,
	PRIMARY KEY (backfill, no)
);
CREATE TABLE notices (                    -- what people were told, so that they are told once
	key       TEXT PRIMARY KEY,           -- what it is about: kind and subject
	kind      TEXT NOT NULL,
	subject   TEXT NOT NULL,
	party     TEXT NOT NULL,              -- what belongs together, such as the source of several feeds
	severity  TEXT NOT NULL,
	text_id   TEXT NOT NULL,
	text_en   TEXT NOT NULL,
	command   TEXT NOT NULL,
	since     TEXT NOT NULL,
	last      TEXT NOT NULL,              -- seen
	times     INTEGER NOT NULL,           -- that it began, one time soon after the other
	gone      TEXT NOT NULL,              -- not seen since then; it has ended when that lasts
	sent      TEXT NOT NULL,              -- the newest time that it was told
	ended     TEXT NOT NULL,
	acked     TEXT NOT NULL,
	acked_by  TEXT NOT NULL,
	ack_until TEXT NOT NULL,
	ack_why   TEXT NOT NULL
);
CREATE TABLE messages (                   -- what is to be delivered, until it is
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	key        TEXT NOT NULL UNIQUE,      -- what must not be written twice
	channel    TEXT NOT NULL,
	recipient  TEXT NOT NULL,             -- empty: whom the channel names
	subject    TEXT NOT NULL,             -- the feed of a letter to a producer
	content    TEXT NOT NULL,
	made       TEXT NOT NULL,
	attempts   INTEGER NOT NULL,
	not_before TEXT NOT NULL,
	delivered  TEXT NOT NULL,
	error      TEXT NOT NULL              -- of the newest attempt
);
CREATE INDEX messages_open ON messages (channel, id) WHERE delivered = '';
CREATE TABLE marks (                      -- up to where something was done: a time, a number
	name   TEXT PRIMARY KEY,
	at     TEXT NOT NULL,
	number INTEGER NOT NULL,
	error  TEXT NOT NULL
);
`
