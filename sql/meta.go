package sql

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Meta is what a model's YAML says: for people (titles, definitions), for checks (grain, severity) and for
// tests (given rows and what they must give).
type Meta struct {
	ID          string          `yaml:"id"` // KPI only: "PLC-01"
	Title       Text            `yaml:"title"`
	Description Text            `yaml:"description"`
	Grain       []string        `yaml:"grain"`   // the columns that make a row unique
	Columns     map[string]Text `yaml:"columns"` // what each column means

	Theme          string      `yaml:"theme"`
	Measures       Measures    `yaml:"measures"`
	DefaultMeasure string      `yaml:"default_measure"`
	Exclusions     Text        `yaml:"exclusions"`
	Maturity       Text        `yaml:"maturity"`
	Breakdowns     []string    `yaml:"breakdowns"`
	Periods        []string    `yaml:"periods"` // kinds of period that the SQL gives
	Suppression    Suppression `yaml:"suppression"`
	Sources        []string    `yaml:"sources"` // datasets; of a check: those it judges, where it reads more than these
	Owner          string      `yaml:"owner"`   // of a check: who mends what it finds, where that is not the producer
	Anchor         []Text      `yaml:"anchor"`  // the published definitions that the KPI follows
	Version        string      `yaml:"version"`

	Severity  string `yaml:"severity"`  // checks: error | warn
	Dimension string `yaml:"dimension"` // checks: one of Dimensions
	Remedy    Text   `yaml:"remedy"`    // checks: what to do about offending rows

	Tests []Test `yaml:"tests"`
}

// Dimensions are the sides of quality that a check can be about.
var Dimensions = []string{"completeness", "validity", "consistency", "uniqueness", "timeliness"}

// Text is one sentence in Indonesian and English. In YAML it is {id, en}, a plain scalar (the same in both
// languages) or a list of either, which reads as one text.
type Text struct {
	ID string `yaml:"id" json:"id"`
	EN string `yaml:"en" json:"en"`
}

// Empty reports whether nothing was written.
func (t Text) Empty() bool { return t.ID == "" && t.EN == "" }

// String returns "Indonesian / English", or one of them when both are the same.
func (t Text) String() string {
	switch {
	case t.ID == t.EN, t.EN == "":
		return t.ID
	case t.ID == "":
		return t.EN
	}
	return t.ID + " / " + t.EN
}

// JoinTexts makes one text of several, parted by semicolons.
func JoinTexts(texts []Text) Text {
	var ids, ens []string
	for _, t := range texts {
		ids, ens = append(ids, t.ID), append(ens, t.EN)
	}
	return Text{ID: strings.Join(ids, "; "), EN: strings.Join(ens, "; ")}
}

// UnmarshalYAML reads the three ways in which a text may be written.
func (t *Text) UnmarshalYAML(node ast.Node) error {
	switch n := node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		type plain Text
		return yaml.NodeToValue(node, (*plain)(t), yaml.Strict())
	case *ast.SequenceNode:
		items := make([]Text, len(n.Values))
		for i, item := range n.Values {
			if err := items[i].UnmarshalYAML(item); err != nil {
				return err
			}
		}
		*t = JoinTexts(items)
		return nil
	case *ast.NullNode:
		return nil
	}
	text, err := scalar(node)
	t.ID, t.EN = text, text
	return err
}

// A Measure is one number that a KPI gives.
type Measure struct {
	Name        string     `yaml:"-"`
	Unit        string     `yaml:"unit"`
	Direction   string     `yaml:"direction"` // up | down | context: which way is better
	Additive    Additivity `yaml:"additive"`  // along which ways its values add up; every build proves it
	Periods     []string   `yaml:"periods"`   // kinds of period, where it gives fewer than the KPI
	Title       Text       `yaml:"title"`
	Definition  Text       `yaml:"definition"`
	Numerator   Text       `yaml:"numerator"`
	Denominator Text       `yaml:"denominator"`
}

// Additivity says along which ways the values of a measure add up. Shares, medians and distinct persons never do.
type Additivity string

// The additivities. A flow of events that are all told apart adds up both ways; a stock by members only; a flow of
// which the source does not tell every member, over time only.
const (
	AddsBoth    Additivity = "both"
	AddsMembers Additivity = "members"
	AddsTime    Additivity = "time"
	AddsNone    Additivity = "none"
)

// OverMembers reports whether the members of each breakdown add up to the total.
func (a Additivity) OverMembers() bool { return a == AddsBoth || a == AddsMembers }

// OverTime reports whether months add up to quarters and both to years.
func (a Additivity) OverTime() bool { return a == AddsBoth || a == AddsTime }

// Measures keeps a KPI's measures in the order in which they are written.
type Measures []Measure

// UnmarshalYAML reads the mapping name → measure.
func (ms *Measures) UnmarshalYAML(node ast.Node) error {
	return eachEntry(node, func(name string, value ast.Node) error {
		m := Measure{}
		if err := yaml.NodeToValue(value, &m, yaml.Strict()); err != nil {
			return err
		}
		m.Name = name
		*ms = append(*ms, m)
		return nil
	})
}

// Get returns the measure of that name.
func (ms Measures) Get(name string) (Measure, bool) {
	for _, m := range ms {
		if m.Name == name {
			return m, true
		}
	}
	return Measure{}, false
}

// A Test gives rows to a model and says which rows must come out.
type Test struct {
	Name   string           `yaml:"name"`
	Run    RunRow           `yaml:"run"`
	Given  map[string][]Row `yaml:"given"`
	Where  string           `yaml:"where"` // an SQL filter on the model's rows
	Expect []Row            `yaml:"expect"`
}

// RunRow is the one row of the table run that a test sees. Empty dates take the test runner's defaults.
type RunRow struct {
	AsOf        string `yaml:"as_of"`
	ReportMonth string `yaml:"report_month"`
}

// A Row is one given or expected row: the columns that it lists, in order.
type Row []Cell

// A Cell is one value as written: its text, or NULL.
type Cell struct {
	Column string
	Text   string
	Null   bool
}

// UnmarshalYAML reads the mapping column → scalar and keeps each scalar's text as it was written, so that
// 1.10 stays 1.10 and a date stays a date.
func (r *Row) UnmarshalYAML(node ast.Node) error {
	*r = Row{}
	return eachEntry(node, func(name string, value ast.Node) error {
		cell := Cell{Column: name}
		if _, null := value.(*ast.NullNode); null {
			cell.Null = true
		} else {
			text, err := scalar(value)
			if err != nil {
				return err
			}
			cell.Text = text
		}
		*r = append(*r, cell)
		return nil
	})
}

func eachEntry(node ast.Node, visit func(name string, value ast.Node) error) error {
	var entries []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		entries = n.Values
	case *ast.MappingValueNode:
		entries = []*ast.MappingValueNode{n}
	default:
		return nodeError(node, "expected a mapping of names to values")
	}
	for _, e := range entries {
		if err := visit(e.Key.GetToken().Value, e.Value); err != nil {
			return err
		}
	}
	return nil
}

func scalar(node ast.Node) (string, error) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, nil
	case *ast.LiteralNode:
		return n.Value.Value, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return node.GetToken().Value, nil
	case *ast.SequenceNode: // a list cell is written as SQL reads it: [a, b]
		items := make([]string, len(n.Values))
		for i, v := range n.Values {
			text, err := scalar(v)
			if err != nil {
				return "", err
			}
			items[i] = text
		}
		return "[" + strings.Join(items, ", ") + "]", nil
	}
	return "", nodeError(node, "expected one value")
}

func nodeError(node ast.Node, message string) error {
	return &yaml.SyntaxError{Message: message, Token: node.GetToken()}
}

func parseMeta(file string, doc []byte) (m Meta, err error) {
	defer func() { // the YAML library has paths on which it panics, such as a tag where a list is wanted
		if p := recover(); p != nil {
			m, err = Meta{}, fmt.Errorf("%s: the YAML cannot be understood (%v); look for a stray tag (!) or anchor (&)", file, p)
		}
	}()
	err = yaml.NewDecoder(bytes.NewReader(doc), yaml.Strict()).Decode(&m)
	if errors.Is(err, io.EOF) {
		return m, fmt.Errorf("%s:1: is empty; write at least title, grain and columns", file)
	}
	if err != nil {
		return m, positioned(file, err)
	}
	return m, nil
}

// positioned turns a YAML error into one line with file, line and, for a misspelt key, the nearest right one.
func positioned(file string, err error) error {
	var ye yaml.Error
	if !errors.As(err, &ye) || ye.GetToken() == nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	message := ye.GetMessage()
	var unknown *yaml.UnknownFieldError
	if errors.As(err, &unknown) {
		if near := nearestKey(unknown.Token.Value); near != "" {
			message += fmt.Sprintf("; did you mean %q?", near)
		}
	}
	pos := ye.GetToken().Position
	return fmt.Errorf("%s:%d:%d: %s", file, pos.Line, pos.Column, message)
}

// kpiGrain is the uniqueness rule that all KPI models share.
var kpiGrain = []string{"measure", "period_type", "period", "breakdown", "member"}

func (m *Meta) fillDefaults(layer Layer) {
	if len(m.Grain) > 0 {
		return
	}
	switch layer {
	case Staging:
		m.Grain = []string{"source", "row_key"}
	case KPIs:
		m.Grain = slices.Clone(kpiGrain)
	}
}

func (m *Meta) problems(file string, layer Layer) (out []error) {
	complain := func(format string, args ...any) {
		out = append(out, fmt.Errorf("%s: %s", file, fmt.Sprintf(format, args...)))
	}
	if m.Title.Empty() {
		complain("title is missing; write title: {id: …, en: …}")
	}
	if len(m.Grain) == 0 && layer != Checks {
		complain("grain is missing; list the columns that make a row unique")
	}
	switch layer {
	case KPIs:
		if m.ID == "" || len(m.Measures) == 0 {
			complain("a KPI needs an id and at least one measure")
		}
		if _, ok := m.Measures.Get(m.DefaultMeasure); !ok && len(m.Measures) > 0 {
			complain("default_measure %q is not among the measures", m.DefaultMeasure)
		}
		for _, ms := range m.Measures {
			if !slices.Contains([]string{"up", "down", "context"}, ms.Direction) {
				complain("measure %s: direction is up, down or context, not %q", ms.Name, ms.Direction)
			}
			if !slices.Contains([]Additivity{AddsBoth, AddsMembers, AddsTime, AddsNone}, ms.Additive) {
				complain("measure %s: additive is both, members, time or none, not %q; a count of events is both, a stock members, a share none", ms.Name, ms.Additive)
			}
		}
		m.periodProblems(complain)
		m.Suppression.problems(m.Breakdowns, complain)
	case Checks:
		if m.Severity != "error" && m.Severity != "warn" {
			complain("severity is error or warn, not %q", m.Severity)
		}
		if !slices.Contains(Dimensions, m.Dimension) {
			complain("dimension is one of %s, not %q%s", strings.Join(Dimensions, ", "), m.Dimension, didYouMean(m.Dimension, Dimensions))
		}
	default:
		if m.ID != "" || len(m.Measures) > 0 || m.Periods != nil || m.Suppression.Withheld != "" {
			complain("id, measures, periods and suppression belong to KPI models only")
		}
	}
	for i, t := range m.Tests {
		if t.Name == "" {
			complain("test %d has no name; say what it shows", i+1)
		}
		if t.Expect == nil {
			complain("test %q expects nothing; write expect: [] when no row may come out", t.Name)
		}
		if _, given := t.Given["run"]; given {
			complain("test %q gives rows to run; write run: {as_of: …, report_month: …}", t.Name)
		}
	}
	return out
}
