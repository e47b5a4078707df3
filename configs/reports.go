package configs

import (
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Report is what one kind of report says, in which order: a file in the folder reports.
type Report struct {
	File     string          `yaml:"-"` // as people know it: "reports/monthly.yaml"
	Name     string          `yaml:"report" need:"yes" like:"name" doc:"Name of the kind of report; the file is called after it."`
	Title    Label           `yaml:"title" need:"yes" doc:"Its title; what it is about is added."`
	Period   string          `yaml:"period" one:"month|year" doc:"What period one report is about."`
	Per      string          `yaml:"per" one:"province|country|partner" doc:"One report for each of these. Left out: one for the whole country."`
	Only     string          `yaml:"only" one:"id|en" doc:"The only language that it is written in. Left out: both."`
	Sections []ReportSection `yaml:"sections" need:"yes" named:"yes" doc:"Its parts in their order, by name; the name is the part's anchor."`
}

func (r *Report) setDefaults() { r.Period = "month" }

// ReportSection is a part of a report: a heading and what stands below it.
type ReportSection struct {
	Name    string    `yaml:"-"`
	Line    int       `yaml:"-"`
	Title   Label     `yaml:"title" need:"yes" doc:"Its heading."`
	Level   int       `yaml:"level" min:"1" max:"2" doc:"1: a part of the report. 2: it belongs to the part before."`
	NewPage bool      `yaml:"new_page" doc:"On paper it begins a page."`
	Blocks  []Section `yaml:"blocks" doc:"What it says, in its order."`
}

func (s *ReportSection) setDefaults() { s.Level = 1 }

// ReportLayouts are the files of the kinds of reports that come with the program, at the root.
func ReportLayouts() fs.FS { return sub(reportsFS, "reports") }

// ParseReports reads the kinds of reports at the root of a file system, ordered by name. kinds
// declare what a block may be; nil leaves the blocks unchecked. The error is Errors: all mistakes
// of all files.
func ParseReports(fsys fs.FS, kinds Kinds) ([]Report, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("listing the kinds of reports: %w", err)
	}
	var all []Report
	var errs Errors
	for _, name := range names {
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("reading the kind of report %s: %w", name, err)
		}
		report, found := parseReport("reports/"+name, raw, kinds)
		if want := strings.TrimSuffix(name, ".yaml"); report.Name != want && report.Name != "" {
			found = append(found, Error{File: report.File, Line: 1, Message: fmt.Sprintf("the file is about the report %q; call it %s.yaml", report.Name, report.Name)})
		}
		errs = append(errs, found...)
		all = append(all, report)
	}
	return all, errs.ordered()
}

func parseReport(file string, raw []byte, kinds Kinds) (Report, Errors) {
	report := Report{File: file}
	report.setDefaults()
	root, errs := parseYAML(file, raw)
	if root == nil {
		if len(errs) == 0 {
			errs = Errors{{File: file, Message: "the file is empty; fill it in, or take it away"}}
		}
		return report, errs
	}
	d := &decoder{file: file, origins: &origins{file: file, env: func(string) (string, bool) { return "", false }}}
	d.decodeStruct(root, reflect.ValueOf(&report).Elem(), root.at, "the file", nil)
	errs = append(errs, d.errs...)
	for _, section := range report.Sections {
		for _, block := range section.Blocks {
			errs = append(errs, checkBlock(file, block, kinds)...)
		}
	}
	return report, errs
}

// checkBlock holds a block to its kind's declaration.
func checkBlock(file string, block Section, kinds Kinds) Errors {
	if kinds == nil || block.Kind == "" {
		return nil
	}
	fresh, known := kinds[block.Kind]
	if !known {
		return AsErrors(block.Errorf("block %q is not known%s", block.Kind, meant("kinds", block.Kind, slices.Sorted(maps.Keys(kinds)))), file, block.Line)
	}
	return AsErrors(block.Check(fresh()), file, block.Line)
}

// ReportSchema is the JSON Schema of the file of a kind of report, made from its declaration. With
// the kinds of blocks it describes their settings too; without, it leaves them open.
func ReportSchema(blocks Kinds) []byte {
	s := schemer{sections: map[reflect.Type]schema{}}
	s.sections[reflect.TypeFor[Section]()] = s.section(blocks, nil)
	return render("Lindung report", s.object(reflect.ValueOf(defaultsOf[Report]())))
}
