package pipelines

import (
	"database/sql/driver"
	"errors"
	"time"

	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/warehouse"
)

// operations are the tables of what ran, as the ledger has it at the time of a build: empty where
// there is no ledger, for a release does not need one.
func operations(dataDir string) (tables []warehouse.Table, err error) {
	var (
		runs    []ledger.Run
		feeds   []ledger.Feed
		steps   []ledger.Step
		decided []ledger.Occurrence
	)
	if ledger.Exists(dataDir) {
		l, err := ledger.Open(dataDir)
		if err != nil {
			return nil, err
		}
		var errs [4]error
		runs, errs[0] = l.Runs(ledger.RunFilter{})
		feeds, errs[1] = l.Feeds(time.Time{})
		steps, errs[2] = l.Steps(time.Time{})
		decided, errs[3] = l.Occurrences("", time.Time{})
		if err := errors.Join(append(errs[:], l.Close())...); err != nil {
			return nil, err
		}
	}
	return []warehouse.Table{runsTable(runs), runFeedsTable(feeds), runStepsTable(steps), occurrencesTable(decided)}, nil
}

// instant is a time as the warehouse keeps it; NULL where there is none.
func instant(t time.Time) driver.Value {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}

func runsTable(runs []ledger.Run) warehouse.Table {
	t := warehouse.Table{
		Name: "runs", About: text("Yang pernah dijalankan: satu baris per perintah.", "What ran: one row per command."),
		Columns: []warehouse.TableColumn{
			column("run_id", "VARCHAR", "Kode jalan.", "Run id."),
			column("command", "VARCHAR", "Perintah.", "Command."),
			column("trigger", "VARCHAR", "Pemicu: manual, schedule, after, run_now, retry.", "What set it off: manual, schedule, after, run_now, retry."),
			column("job", "VARCHAR", "Tugas pada jadwal.", "Job of the schedule."),
			column("due_at", "TIMESTAMP", "Saat seharusnya dijalankan (UTC).", "When it was due (UTC)."),
			column("attempt", "INTEGER", "Percobaan ke-.", "Which try."),
			column("state", "VARCHAR", "Keadaan akhir.", "How it ended."),
			column("started_at", "TIMESTAMP", "Mulai (UTC).", "Started (UTC)."),
			column("ended_at", "TIMESTAMP", "Selesai (UTC); kosong selama masih berjalan.", "Ended (UTC); empty while it goes on."),
			column("known_at", "TIMESTAMP", "Saat data itu diketahui (UTC).", "Knowledge time of what it committed (UTC)."),
			column("release_id", "VARCHAR", "Rilis yang diterbitkan.", "Release that it published."),
			column("code_version", "VARCHAR", "Versi program.", "Version of the program."),
			column("config_hash", "VARCHAR", "Sidik konfigurasi.", "Hash of the configuration."),
			column("peak_memory_bytes", "BIGINT", "Memori puncak.", "Peak memory."),
			column("exit_code", "INTEGER", "Kode keluar.", "Exit code."),
			column("error", "VARCHAR", "Pesan galat.", "Error message."),
		},
	}
	for _, r := range runs {
		t.Rows = append(t.Rows, []driver.Value{r.ID, r.Command, r.Trigger, orNull(r.Job), instant(r.Due), int32(r.Attempt), r.State, instant(r.Started), instant(r.Ended),
			instant(r.KnownAt), orNull(r.Release), r.Code, r.ConfigHash, r.PeakMemory, int32(r.ExitCode), orNull(r.Error)})
	}
	return t
}

func runFeedsTable(feeds []ledger.Feed) warehouse.Table {
	t := warehouse.Table{
		Name: "run_feeds", About: text("Hasil setiap feed pada setiap jalan.", "What became of each feed in each run."),
		Columns: []warehouse.TableColumn{
			column("run_id", "VARCHAR", "Kode jalan.", "Run id."),
			column("feed", "VARCHAR", "Feed.", "Feed."),
			column("source", "VARCHAR", "Sistem sumber.", "Source system."),
			column("dataset", "VARCHAR", "Himpunan data.", "Dataset."),
			column("outcome", "VARCHAR", "Hasil: committed, nothing_new, withheld, failed.", "Outcome: committed, nothing_new, withheld, failed."),
			column("commit_no", "BIGINT", "Nomor commit.", "Commit number."),
			column("objects", "BIGINT", "Objek baru.", "New objects."),
			column("bytes", "BIGINT", "Bita yang diterima.", "Bytes taken."),
			column("records", "BIGINT", "Rekaman.", "Records."),
			column("accepted", "BIGINT", "Diterima.", "Accepted."),
			column("quarantined", "BIGINT", "Dikarantina.", "Quarantined."),
			column("tombstones", "BIGINT", "Baris yang tidak lagi dikirim.", "Rows that are no longer delivered."),
			column("retries", "BIGINT", "Permintaan yang diulang.", "Requests that had to be repeated."),
			column("seconds", "DOUBLE", "Lama, dalam detik.", "How long it took, in seconds."),
			column("peak_memory_bytes", "BIGINT", "Memori puncak.", "Peak memory."),
			column("ended_at", "TIMESTAMP", "Selesai (UTC).", "Ended (UTC)."),
			column("error", "VARCHAR", "Pesan galat.", "Error message."),
		},
	}
	for _, f := range feeds {
		var commit driver.Value
		if f.CommitNo > 0 {
			commit = f.CommitNo
		}
		t.Rows = append(t.Rows, []driver.Value{f.RunID, f.Feed, f.Source, f.Dataset, f.Outcome, commit, int64(f.Objects), f.Bytes, f.Records, f.Accepted, f.Quarantined,
			f.Tombstones, f.Retries, f.Seconds, f.PeakMemory, instant(f.Ended), orNull(f.Error)})
	}
	return t
}

func runStepsTable(steps []ledger.Step) warehouse.Table {
	t := warehouse.Table{
		Name: "run_steps", About: text("Lama setiap langkah pada setiap jalan.", "How long each step of each run took."),
		Columns: []warehouse.TableColumn{
			column("run_id", "VARCHAR", "Kode jalan.", "Run id."),
			column("feed", "VARCHAR", "Feed; kosong untuk pembangunan rilis.", "Feed; empty for the build."),
			column("step_no", "INTEGER", "Urutan langkah.", "Order of the step."),
			column("step", "VARCHAR", "Langkah.", "Step."),
			column("seconds", "DOUBLE", "Lama, dalam detik.", "How long it took, in seconds."),
		},
	}
	for _, s := range steps {
		t.Rows = append(t.Rows, []driver.Value{s.RunID, orNull(s.Feed), int32(s.No), s.Step, s.Seconds})
	}
	return t
}

func occurrencesTable(decided []ledger.Occurrence) warehouse.Table {
	t := warehouse.Table{
		Name: "occurrences", About: text("Setiap saat pada jadwal dan keputusannya: dijalankan, atau dilewati dengan alasannya.", "Each time of the schedule and what was decided: run, or skipped with the reason."),
		Columns: []warehouse.TableColumn{
			column("job", "VARCHAR", "Tugas pada jadwal.", "Job of the schedule."),
			column("due_at", "TIMESTAMP", "Saat pada jadwal (UTC).", "The time of the schedule (UTC)."),
			column("until_at", "TIMESTAMP", "Yang terakhir, bila baris ini mewakili beberapa saat (UTC).", "The last one, where the row stands for several times (UTC)."),
			column("times", "INTEGER", "Banyaknya saat yang diwakili.", "How many times the row stands for."),
			column("trigger", "VARCHAR", "Pemicu: schedule, after, run_now.", "What set it off: schedule, after, run_now."),
			column("state", "VARCHAR", "Keadaan: waiting, running, done, skipped, cancelled.", "State: waiting, running, done, skipped, cancelled."),
			column("reason", "VARCHAR", "Hasil atau alasan.", "Outcome or reason."),
			column("attempt", "INTEGER", "Banyaknya percobaan.", "How often it was tried."),
			column("run_id", "VARCHAR", "Jalan yang terakhir.", "The newest run."),
			column("decided_at", "TIMESTAMP", "Saat keputusan (UTC).", "When it was decided (UTC)."),
		},
	}
	for _, o := range decided {
		t.Rows = append(t.Rows, []driver.Value{o.Job, instant(o.Due), instant(o.Until), int32(o.Count), o.Trigger, o.State, orNull(o.Reason), int32(o.Attempt), orNull(o.RunID), instant(o.Decided)})
	}
	return t
}
