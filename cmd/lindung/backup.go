package main

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/pipelines/backups"
)

// backupFlags are what `lindung backup` is told.
type backupFlags struct {
	verify, beside  bool
	keys, recipient string
}

func (a *app) backupCommand() *cobra.Command {
	var f backupFlags
	c := &cobra.Command{
		Use:   "backup DEST",
		Short: "Copy what is new of the project to a folder or a bucket; its keys go into an archive apart",
		Long:  backupHelp,
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if f.verify {
				return a.verifyBackup(c, args[0])
			}
			return a.backUp(c, args[0], f)
		},
	}
	c.Flags().BoolVar(&f.verify, "verify", false, "copy nothing: read the backup whole and say what is wrong with it; needs no project and no key")
	c.Flags().StringVar(&f.keys, "keys", "", "write the project's keys into this archive, in the place of the one before")
	c.Flags().StringVar(&f.recipient, "recipient", "", "encrypt the archive of keys for this age recipient (age1…); see: lindung backup recovery-key")
	c.Flags().BoolVar(&f.beside, "keys-beside-data", false, "the archive of keys may lie where the backup lies")
	c.AddCommand(&cobra.Command{
		Use:   "recovery-key FILE",
		Short: "Make the key pair for archives of keys: FILE belongs offline, the recipient that is printed anywhere",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			recipient, err := lake.NewRecoveryKey(args[0])
			if err == nil {
				fmt.Fprintln(a.stdout, recipient)
			}
			return err
		},
	})
	return c
}

const backupHelp = `Copies what is new of the project: configuration, landed objects, Parquet files, the commit
log, and of every release what cannot be made again. DuckDB files are made again from the lake.

DEST is a folder of its own that exists, or s3:https://HOST/BUCKET/PREFIX with LINDUNG_BACKUP_S3_KEY,
LINDUNG_BACKUP_S3_SECRET and, if need be, LINDUNG_BACKUP_S3_REGION set. A backup can be made while
a run goes on, and can be interrupted: the next one goes on from there.

Keys are never copied into it. Without them nobody can read the landed objects, nor add to the
tokens: archive them with --keys.`

// openBackup is the store that a backup lies in, and its folder where it is one.
func openBackup(dest string) (store backups.Store, folder string, err error) {
	address, bucket := strings.CutPrefix(dest, "s3:")
	if !bucket {
		return &connectors.FolderStore{Dir: dest}, dest, nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") == "" {
		return nil, "", usagef("%q is no bucket; write it as s3:https://HOST/BUCKET/PREFIX", dest)
	}
	s := connectors.NewS3Store()
	s.Endpoint = u.Scheme + "://" + u.Host
	s.Bucket, s.Prefix, _ = strings.Cut(strings.Trim(u.Path, "/"), "/")
	s.AccessKey, s.SecretKey = os.Getenv("LINDUNG_BACKUP_S3_KEY"), connectors.Secret(os.Getenv("LINDUNG_BACKUP_S3_SECRET"))
	s.Region = cmp.Or(os.Getenv("LINDUNG_BACKUP_S3_REGION"), s.Region)
	if s.AccessKey == "" || s.SecretKey == "" {
		return nil, "", usagef("set LINDUNG_BACKUP_S3_KEY and LINDUNG_BACKUP_S3_SECRET: nobody writes to a store without a key")
	}
	if err := s.Check(connectors.Env{}); err != nil {
		return nil, "", usageError{err}
	}
	return s, "", nil
}

// backupError gives a refusal the exit code of a gate.
func backupError(err error) error {
	if errors.Is(err, backups.ErrRefused) {
		return &pipelines.Error{Code: pipelines.ExitGate, Message: err.Error()}
	}
	return err
}

func (a *app) backUp(c *cobra.Command, dest string, f backupFlags) error {
	if f.keys == "" && (f.recipient != "" || f.beside) {
		return usagef("--recipient and --keys-beside-data are about the archive of keys: name it with --keys FILE")
	}
	r, err := a.open(false)
	if err != nil {
		return err
	}
	store, folder, err := openBackup(dest)
	if err != nil {
		return err
	}
	if folder != "" {
		open, err := backups.Prepare(folder, r.Project.DataDir, r.Project.KeysDir)
		if err != nil {
			return backupError(err)
		}
		if open {
			a.say("WARNING: others can read %s, which will hold rows of persons under tokens; mount it with mode 0700", dest)
		}
	}
	master, err := lake.LoadMaster(filepath.Join(r.Project.KeysDir, "master.key"))
	if err != nil {
		return err
	}
	// The keys come first: a backup that nobody can open is none.
	keys := 0
	if f.keys != "" {
		keys, err = backups.Keys(backups.KeysOptions{Folder: r.Project.KeysDir, Data: r.Project.DataDir, File: f.keys, Recipient: f.recipient, Backup: folder, Beside: f.beside})
		if err != nil {
			return backupError(err)
		}
	}
	progress := a.progress()
	report, err := backups.Take(c.Context(), store, backups.Source{Project: r.Project, Lake: r.Lake, Releases: r.Releases, Master: master, Now: r.Now, Code: version,
		Progress: func(done, total int) {
			progress.event(pipelines.Event{Step: "backup", Done: int64(done), Total: int64(total)})
		}})
	if err != nil {
		return backupError(err)
	}
	return a.sayBackup(report, f.keys, keys)
}

func (a *app) sayBackup(report *backups.Report, archive string, keys int) error {
	if a.output == "json" {
		if err := a.printJSON(struct {
			*backups.Report
			Keys int `json:"keys"`
		}{report, keys}); err != nil {
			return err
		}
	} else {
		switch {
		case len(report.Problems) > 0:
			fmt.Fprintf(a.stdout, "No snapshot was made: %d files of the project are not as they were written\n  %s\n", len(report.Problems), strings.Join(report.Problems, "\n  "))
		case report.UpToDate:
			fmt.Fprintf(a.stdout, "%s is up to date: snapshot %d, %s files until commit %d\n", report.Place, report.Snapshot, count(int64(report.Files)), report.LogHead)
		default:
			fmt.Fprintf(a.stdout, "%s has snapshot %d: %s files until commit %d; %s of them new, %.1f MB\n", report.Place, report.Snapshot,
				count(int64(report.Files)), report.LogHead, count(int64(report.Copied)), float64(report.Bytes)/1e6)
		}
		if archive != "" {
			fmt.Fprintf(a.stdout, "%d keys in %s\n", keys, archive)
		} else {
			a.say("The keys are not in it. Without them it cannot be used: lindung backup %s --keys FILE", report.Place)
		}
	}
	if len(report.Problems) > 0 {
		return &exitError{pipelines.ExitFailed}
	}
	return nil
}

func (a *app) verifyBackup(c *cobra.Command, dest string) error {
	store, _, err := openBackup(dest)
	if err != nil {
		return err
	}
	progress := a.progress()
	report, err := backups.Verify(c.Context(), store, func(done, total int) {
		progress.event(pipelines.Event{Step: "verify backup", Done: int64(done), Total: int64(total)})
	})
	if err != nil {
		return backupError(err)
	}
	switch {
	case a.output == "json":
		if err := a.printJSON(report); err != nil {
			return err
		}
	case len(report.Problems) == 0:
		fmt.Fprintf(a.stdout, "%d snapshots, %s log entries, %s files, %.1f MB: all as they were copied\n", report.Snapshots, count(report.Entries), count(int64(report.Files)), float64(report.Bytes)/1e6)
	default:
		fmt.Fprintf(a.stdout, "%d problems\n  %s\nThe next backup brings what is missing again, if the project still has it: remove a damaged object first.\n", len(report.Problems), strings.Join(report.Problems, "\n  "))
	}
	if len(report.Problems) > 0 {
		return &exitError{pipelines.ExitFailed}
	}
	return nil
}
