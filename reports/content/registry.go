package content

import (
	"fmt"
	"io/fs"
	"maps"

	"github.com/kp2mi/lindung/configs"
)

// A kind is a kind of block: what its keys are, and how it is written.
type kind struct {
	settings func() any
	write    func(*writer, any) error
}

// blockOf makes a kind of a function that writes blocks with settings of one type.
func blockOf[T any](write func(*writer, *T) error) kind {
	return kind{
		settings: func() any { return new(T) },
		write:    func(w *writer, settings any) error { return write(w, settings.(*T)) },
	}
}

// nothing is the settings of a kind of block that has none.
type nothing struct{}

// kinds are the kinds of blocks, by the names that the files of reports call them.
var kinds = map[string]kind{
	"status":         blockOf(writeStatus),
	"findings":       blockOf(writeFindings),
	"decisions":      blockOf(writeDecisions),
	"cards":          blockOf(writeCards),
	"theme":          blockOf(writeTheme),
	"kpi":            blockOf(writeKPI),
	"before_after":   blockOf(writeBeforeAfter),
	"quality":        blockOf(writeQuality),
	"reconciliation": blockOf(writeReconciliation),
	"revisions":      blockOf(writeRevisions),
	"gaps":           blockOf(writeGaps),
	"definitions":    blockOf(writeDefinitions),
	"key":            blockOf(writeKey),
	"provenance":     blockOf(writeProvenance),
	"text":           blockOf(writeText),
	"bulletin":       blockOf(writeBulletin),
	"placements":     blockOf(writePlacements),
	"among":          blockOf(writeAmong),
	"regencies":      blockOf(writeRegencies),
	"indicators":     blockOf(writeIndicators),
	"funnel":         blockOf(writeFunnel),
	"money":          blockOf(writeMoney),
	"programmes":     blockOf(writeProgrammes),
	"touched":        blockOf(writeTouched),
}

// Kinds declare the blocks that the file of a report may have.
func Kinds() configs.Kinds {
	declared := configs.Kinds{}
	for name, k := range kinds {
		declared[name] = k.settings
	}
	return declared
}

// Reports are the kinds of reports by name: those that come with the program, and instead of
// those of the same name, or beside them, those at the root of own, which may be nil.
func Reports(own fs.FS) (map[string]configs.Report, error) {
	all := map[string]configs.Report{}
	for _, layouts := range []fs.FS{configs.ReportLayouts(), own} {
		if layouts == nil {
			continue
		}
		read, err := configs.ParseReports(layouts, Kinds())
		if err != nil {
			return nil, fmt.Errorf("reading the kinds of reports: %w", err)
		}
		byName := map[string]configs.Report{}
		for _, r := range read {
			byName[r.Name] = r
		}
		maps.Copy(all, byName)
	}
	return all, nil
}
