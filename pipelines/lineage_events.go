package pipelines

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/docs"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/pipelines/ledger"
	"github.com/kp2mi/lindung/pipelines/openlineage"
	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/transforms"
	"github.com/kp2mi/lindung/warehouse"
)

func lineageRun(run ledger.Run) openlineage.Run {
	return openlineage.Run{ID: run.ID, Command: run.Command, Trigger: run.Trigger, Due: run.Due, From: run.WindowFrom, To: run.WindowTo, Began: run.Started}
}

// endedRun is a run with its end.
func endedRun(run ledger.Run) openlineage.Run {
	told := lineageRun(run)
	told.End = openlineage.End{Type: openlineage.Fail, State: run.State, At: run.Ended, Error: run.Error}
	switch run.State {
	case ledger.Succeeded, ledger.NothingNew:
		told.End.Type = openlineage.Complete
	case ledger.Cancelled, ledger.Interrupted:
		told.End.Type = openlineage.Abort
	}
	return told
}

// endedWith is how a part of a run ended.
func endedWith(at time.Time, state, message string, code int) openlineage.End {
	end := openlineage.End{Type: openlineage.Complete, State: state, At: at, Error: message}
	switch {
	case code == ExitInterrupted:
		end.Type = openlineage.Abort
	case code != 0 || message != "":
		end.Type = openlineage.Fail
	}
	return end
}

// tellFeed tells what became of a feed.
func (r *Runner) tellFeed(f *configs.Feed, row ledger.Feed) {
	l := r.lineage
	if l == nil {
		return
	}
	told := openlineage.Feed{
		Name: f.Name, From: fedFrom(f, l.run.Command), Origin: f.Source.Origin, Dataset: lakeDatasetOf(f), Columns: lineageColumns(f),
		Began: row.Ended.Add(-time.Duration(row.Seconds * float64(time.Second))), End: endedWith(row.Ended, row.Outcome, row.Error, row.ExitCode),
		Objects: int64(row.Objects), Bytes: row.Bytes, Records: row.Records,
		Accepted: row.Accepted, Quarantined: row.Quarantined, Tombstones: row.Tombstones, Commit: row.CommitNo,
	}
	if row.CommitNo > 0 {
		entries, err := r.Lake.Entries()
		if err != nil {
			l.log.Warn("the size of what a feed wrote is not told", "feed", f.Name, "problem", err.Error())
		}
		for _, e := range entries {
			if e.RunID == row.RunID && e.Feed == f.Name && e.Kind != lake.Withheld {
				addFiles(&told, e.Files)
			}
		}
	}
	l.tell(l.teller.FeedRan(l.run, told)...)
}

func addFiles(told *openlineage.Feed, files []lake.File) {
	for _, file := range files {
		if file.Dataset == told.Dataset {
			told.Rows, told.Size = told.Rows+file.Rows, told.Size+file.Bytes
		}
	}
}

// fedFrom is where a command takes the records of a feed from.
func fedFrom(f *configs.Feed, command string) openlineage.Place {
	switch command {
	case "replay":
		return openlineage.Place{Name: openlineage.Quarantine(f.Name)}
	case "renormalise":
		return openlineage.Place{Name: openlineage.Landing(f.Name)}
	}
	return sourcePlace(f)
}

// sourcePlace says where the source of a feed is, by the settings that connectors share. A folder
// of the project, and what cannot be told without secrets that are missing, is a dataset of the
// project.
func sourcePlace(f *configs.Feed) openlineage.Place {
	ours := openlineage.Place{Name: "source." + f.Source.Name + "." + f.Name}
	settings, err := connectorSettings(f)
	if err != nil {
		return ours
	}
	has := map[string]string{}
	plainSettings(reflect.Indirect(reflect.ValueOf(settings)), has)
	name := f.Source.Name + "." + f.Name
	if has["table"] != "" && has["database"] != "" {
		name = has["database"] + "." + has["table"]
	}
	if has["bucket"] != "" {
		return openlineage.Place{Namespace: "s3://" + has["bucket"], Name: name}
	}
	address := has["url"]
	if address == "" && has["host"] != "" {
		address = f.Connector.Kind + "://" + has["host"] + prefixed(":", has["port"])
	}
	if place, ok := openlineage.PlaceOf(address, name); ok {
		return place
	}
	return ours
}

func prefixed(prefix, s string) string {
	if s == "" || s == "0" {
		return ""
	}
	return prefix + s
}

// plainSettings gathers the texts and numbers of settings by their keys, those of embedded settings too.
func plainSettings(v reflect.Value, into map[string]string) {
	if v.Kind() != reflect.Struct {
		return
	}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		key, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		switch {
		case field.Anonymous:
			plainSettings(v.Field(i), into)
		case key == "":
		case v.Field(i).Kind() == reflect.String:
			into[key] = v.Field(i).String()
		case v.Field(i).CanInt():
			into[key] = fmt.Sprint(v.Field(i).Int())
		}
	}
}

// lakeDatasetOf is where the rows of a feed are kept.
func lakeDatasetOf(f *configs.Feed) string { return (&feedRun{feed: f}).lakeDataset() }

// lineageColumns describes the columns of a feed's dataset, with the source's column that each is
// made of where it has the name of a field that is mapped.
func lineageColumns(f *configs.Feed) []openlineage.Column {
	d, ok := transforms.Lookup(f.Dataset)
	if !ok {
		return nil
	}
	read := map[string]string{}
	for _, one := range (&feedRun{feed: f, dataset: d}).readers() {
		// Whether a field that the feed does not name has a column is the source's affair.
		_, named := f.Fields[one.input.Name]
		if one.column != "" && (named || slices.Contains(f.Key, one.input.Name)) {
			read[one.input.Name] = one.named
		}
	}
	about := definitions()[f.Dataset]
	var all []openlineage.Column
	for _, c := range d.Columns() {
		one := openlineage.Column{Name: c.Name, Type: c.Type, Class: c.Class, From: read[c.Name]}
		if text := about[c.Name]; text.ID != "" {
			one.About = text.ID + " / " + text.EN
		}
		all = append(all, one)
	}
	return all
}

// tellRelease tells what became of a build: of which release, or why there is none.
func (r *Runner) tellRelease(id string, began time.Time, failed error) {
	l := r.lineage
	if l == nil {
		return
	}
	told := openlineage.Release{ID: id, Began: began, End: endedWith(r.wall(), ledger.Succeeded, "", 0)}
	if failed != nil {
		told.End = endedWith(r.wall(), ledger.Failed, failed.Error(), ExitCode(failed))
	}
	if snap, err := r.Lake.Snapshot(time.Time{}); err == nil {
		told.Datasets = countedDatasets(snap)
	}
	if id != "" {
		release, err := r.Releases.Get(id)
		if err != nil {
			l.log.Warn("the tables of the release are not told", "release", id, "problem", err.Error())
			return
		}
		r.describeRelease(&told, release.Manifest)
	}
	l.tell(l.teller.ReleaseBuilt(l.run, told)...)
}

// countedDatasets are the datasets of the lake that feeds brought something for.
func countedDatasets(snap lake.Snapshot) []string {
	var all []string
	for _, f := range snap.Files {
		d, ok := transforms.Lookup(strings.TrimPrefix(f.Dataset, warehouse.CrosscheckPrefix))
		if ok && len(d.Inputs()) > 0 && !slices.Contains(all, f.Dataset) {
			all = append(all, f.Dataset)
		}
	}
	slices.Sort(all)
	return all
}

func (r *Runner) describeRelease(told *openlineage.Release, m *warehouse.Manifest) {
	told.Engine = m.DuckDB
	for _, f := range m.Files {
		told.Size += f.Bytes
	}
	told.Tables = lineageTables(r.Models, m, told.Datasets)
}

// lineageTables are the facts and KPIs of a release that something in the lake reaches, each with
// the nearest facts and datasets that it is made of.
func lineageTables(models []sql.Model, m *warehouse.Manifest, datasets []string) (tables []openlineage.Table) {
	told := map[string]bool{}
	for _, model := range models {
		fact := model.Layer == sql.Core && strings.HasPrefix(model.Name, "fct_")
		hash, built := m.Table(model.Name)
		if !built || !fact && model.Layer != sql.KPIs {
			continue
		}
		t := openlineage.Table{Name: model.Name, SQL: model.SQL, Rows: hash.Rows}
		for _, name := range nearestMade(m.Lineage, model.Name) {
			dataset, ours := strings.CutPrefix(name, "lake_")
			switch {
			case ours && slices.Contains(datasets, dataset):
				t.Datasets = append(t.Datasets, dataset)
			case told[name]:
				t.Tables = append(t.Tables, name)
			}
		}
		if len(t.Datasets)+len(t.Tables) > 0 {
			told[t.Name] = true
			tables = append(tables, t)
		}
	}
	return tables
}

// nearestMade finds the facts and lake datasets that a table is made of, across the tables between.
// Which periods are loaded hangs on every fact, and would say that everything is made of everything.
func nearestMade(lineage warehouse.Lineage, table string) []string {
	var found []string
	seen := map[string]bool{}
	open := slices.Clone(lineage[table])
	for len(open) > 0 {
		name := open[len(open)-1]
		open = open[:len(open)-1]
		if seen[name] || slices.Contains(docs.Readiness, name) {
			continue
		}
		seen[name] = true
		if strings.HasPrefix(name, "fct_") || strings.HasPrefix(name, "lake_") {
			found = append(found, name)
			continue
		}
		open = append(open, lineage[name]...)
	}
	slices.Sort(found)
	return found
}
