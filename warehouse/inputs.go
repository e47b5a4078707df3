package warehouse

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	models "github.com/kp2mi/lindung/sql"
)

// The kinds of inputs that a release is built from beside the lake and the models.
const (
	InputDataset   = "dataset"   // what a dataset's columns are and mean
	InputReference = "reference" // a code list or another list of the folder reference
	InputSetting   = "setting"   // a line of the project's file that reaches the release
	InputSource    = "source"    // a source's file
)

// RuleResults is the table by which KPIs read what rules about the data found. It is no dataset: what is in it comes
// of every dataset that a rule judges.
const RuleResults = ruleResultsTable

// An Input is one of them, so that a later build can say which are no longer what they were.
type Input struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Hash    string `json:"hash,omitempty"`
	Version string `json:"version,omitempty"` // for people: a normaliser's number, a setting's value
}

// An InputChange is one input that two builds do not share, and how it differs.
type InputChange struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	How  string `json:"how"`
}

// String says it in one line.
func (c InputChange) String() string { return c.Kind + " " + c.Name + ": " + c.How }

// ChangedInputs lists what differs between the inputs of two builds, by kind and name. A release from before
// inputs were written down says nothing of them, so that nothing can be told.
func ChangedInputs(before, after []Input) (changes []InputChange) {
	if len(before) == 0 || len(after) == 0 {
		return nil
	}
	type key struct{ kind, name string }
	old := map[key]Input{}
	for _, in := range before {
		old[key{in.Kind, in.Name}] = in
	}
	for _, in := range after {
		was, known := old[key{in.Kind, in.Name}]
		delete(old, key{in.Kind, in.Name})
		c := InputChange{Kind: in.Kind, Name: in.Name}
		switch {
		case !known:
			c.How = "new"
		case was.Version != in.Version:
			c.How = fmt.Sprintf("%s → %s", was.Version, in.Version)
		case was.Hash != in.Hash:
			c.How = "changed"
		default:
			continue
		}
		changes = append(changes, c)
	}
	for k := range old {
		changes = append(changes, InputChange{Kind: k.kind, Name: k.name, How: "gone"})
	}
	slices.SortFunc(changes, func(a, b InputChange) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
	return changes
}

// Models reads the models that made the release, which stay when its DuckDB files are pruned.
func (r *Release) Models() ([]models.Model, error) {
	all, err := models.Recorded(os.DirFS(filepath.Join(r.Dir, sqlFolder)))
	if err != nil {
		return nil, fmt.Errorf("release %s: %w", r.ID, err)
	}
	return all, nil
}

// A CheckChange is a check that two releases do not answer alike; nil where a release does not have it.
type CheckChange struct {
	Name     string      `json:"name"`
	Title    models.Text `json:"title"`
	Severity string      `json:"severity"`
	Old      *int64      `json:"old_offending"`
	New      *int64      `json:"new_offending"`
}

// ChangedChecks lists the checks that find more or less in the newer release, or are in one only.
func ChangedChecks(before, after *Manifest) (changes []CheckChange) {
	old := map[string]CheckResult{}
	for _, c := range before.Checks {
		old[c.Name] = c
	}
	for _, c := range after.Checks {
		was, known := old[c.Name]
		delete(old, c.Name)
		change := CheckChange{Name: c.Name, Title: c.Title, Severity: c.Severity, New: &c.Offending}
		if known {
			change.Old = &was.Offending
		}
		if !known || was.Offending != c.Offending {
			changes = append(changes, change)
		}
	}
	for _, was := range old {
		changes = append(changes, CheckChange{Name: was.Name, Title: was.Title, Severity: was.Severity, Old: &was.Offending})
	}
	slices.SortFunc(changes, func(a, b CheckChange) int { return cmp.Compare(a.Name, b.Name) })
	return changes
}
