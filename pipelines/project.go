package pipelines

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/formats"
	"github.com/kp2mi/lindung/connectors/unpack"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/transforms"
	"github.com/kp2mi/lindung/transforms/privacy"
	"github.com/kp2mi/lindung/warehouse"
)

// LoadProject reads a project folder and checks what only this room can check, because
// it alone knows the connectors, formats and datasets: their names and their settings.
func LoadProject(dir string) (*configs.Project, error) {
	return loadProject(dir, configOptions(false))
}

// loadOneSource reads a project folder with one of its sources only, by that source's file:
// a child that works on one feed need not read what its parent has read and checked.
func loadOneSource(dir, file, from string) (*configs.Project, error) {
	o := configOptions(false)
	o.Only, o.From = file, from
	return loadProject(dir, o)
}

// loadFrom reads a project's files from where they were copied to; from the project's folder
// where from is empty. Secrets may be missing.
func loadFrom(dir, from string) (*configs.Project, error) {
	o := configOptions(true)
	o.From = from
	return loadProject(dir, o)
}

// ValidateProject checks a project folder without needing its secrets and without touching
// any source.
func ValidateProject(dir string) (*configs.Project, error) {
	return loadProject(dir, configOptions(true))
}

// loadDraft reads a source that is no file of the project yet.
func loadDraft(dir, name, text string) (*configs.Project, error) {
	return configs.LoadSource(dir, "sources/"+name+".yaml", []byte(text), configOptions(false))
}

// configOptions are what the configuration reader needs to know of this program.
func configOptions(allowMissingSecrets bool) configs.Options {
	fields := map[string][]string{}
	for _, d := range transforms.Datasets() {
		fields[d.Name()] = d.Inputs()
	}
	return configs.Options{Env: os.LookupEnv, Datasets: fields,
		Connectors: connectorKinds(), Formats: formatKinds(), Unpack: unpackKinds(), AllowMissingSecrets: allowMissingSecrets}
}

func loadProject(dir string, o configs.Options) (*configs.Project, error) {
	project, err := configs.Load(dir, o)
	if err != nil {
		return nil, err
	}
	env, err := transformEnv(project)
	if o.AllowMissingSecrets && err != nil {
		env, err = &transforms.Env{}, nil
	}
	if err != nil {
		return nil, err
	}
	var all configs.Errors
	for _, s := range project.Sources {
		for _, f := range s.Feeds {
			all = append(all, checkFeed(f, env)...)
		}
	}
	if o.Only == "" {
		if _, err := Jobs(project); err != nil {
			all = append(all, configs.AsErrors(err, configs.ProjectFile, 0)...)
		}
		for _, t := range project.Publish {
			if err := checkTarget(t); err != nil {
				all = append(all, configs.AsErrors(err, configs.ProjectFile, t.Line)...)
			}
		}
		for _, d := range project.Reports.Deliver {
			if err := checkDelivery(d); err != nil {
				all = append(all, configs.AsErrors(err, configs.ProjectFile, d.Line)...)
			}
		}
	}
	if len(all) > 0 {
		return nil, all
	}
	return project, nil
}

// checkFeed decodes the sections of a feed and binds its mapping, so that a wrong setting
// is found before anything runs.
func checkFeed(f *configs.Feed, env *transforms.Env) configs.Errors {
	var all configs.Errors
	add := func(err error) {
		if err != nil {
			all = append(all, configs.AsErrors(err, f.Source.File, f.Line)...)
		}
	}
	settings, err := connectorSettings(f)
	// Connecting checks the settings and touches nothing; without its secrets they are not whole.
	if err == nil && len(f.Connector.Missing()) == 0 {
		if _, wrong := settings.Connect(connectors.Env{}); wrong != nil {
			err = f.Connector.Errorf("%s", oneLine(wrong))
		}
	}
	if err == nil {
		err = checkWhole(f, settings)
	}
	add(err)
	_, err = formatRules(f, "")
	add(err)
	d, err := datasetOf(f)
	if err == nil {
		err = transforms.CheckClasses(d)
	}
	add(err)
	if err == nil && env.Lists != nil {
		_, err = d.Bind(env, mappingOf(f, time.Time{}))
		add(err)
	}
	return all
}

// checkWhole refuses to take for deleted what a connector did not hand on because it had not
// changed.
func checkWhole(f *configs.Feed, settings connectors.Settings) error {
	if f.Deletes != "absent_from_snapshot" {
		return nil
	}
	const remedy = "write deletes: none, or what the source has (flag, key_sweep)"
	why := "it hands on only what changed since the last pull; " + remedy
	if whole, ok := settings.(connectors.Whole); ok {
		err := whole.Whole()
		if err == nil {
			return nil
		}
		why = err.Error() + ", or " + remedy
	}
	return configs.Error{File: f.Source.File, Line: f.LineOf("deletes"), Message: fmt.Sprintf(
		`"deletes: absent_from_snapshot" takes every row that a delivery lacks for deleted, and this connector (%s) does not deliver all rows: %s`, f.Connector.Kind, why)}
}

func connectorSettings(f *configs.Feed) (connectors.Settings, error) {
	kind, ok := connectors.Lookup(f.Connector.Kind)
	if !ok {
		return nil, f.Connector.Errorf("connector %q is not known", f.Connector.Kind)
	}
	settings := kind.New()
	if err := f.Connector.Decode(settings); err != nil {
		return nil, err
	}
	return settings, nil
}

// formatRules makes the decoders of a feed, with the layers that each opens first. Archives
// lie in tempDir while they are read.
func formatRules(f *configs.Feed, tempDir string) ([]formatRule, error) {
	var rules []formatRule
	for _, rule := range f.Formats {
		kind, ok := formats.Lookup(rule.Kind)
		if !ok {
			return nil, rule.Errorf("format %q is not known", rule.Kind)
		}
		settings := kind.New()
		if err := rule.Decode(settings); err != nil {
			return nil, err
		}
		layers, err := layersOf(rule)
		if err != nil {
			return nil, err
		}
		settings = unpack.Around(settings, layers, tempDir)
		if checked, ok := settings.(interface{ Check() error }); ok {
			if err := checked.Check(); err != nil {
				return nil, rule.Errorf("%s", oneLine(err))
			}
		}
		rules = append(rules, formatRule{matches: rule.Matches, decode: settings})
	}
	return rules, nil
}

// oneLine keeps several mistakes of one section in the line of its place.
func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

func layersOf(rule configs.FormatRule) ([]unpack.Settings, error) {
	var layers []unpack.Settings
	for _, section := range rule.Unpack {
		kind, ok := unpack.Lookup(section.Kind)
		if !ok {
			return nil, section.Errorf("layer %q is not known", section.Kind)
		}
		layer := kind.New()
		if err := section.Decode(layer); err != nil {
			return nil, err
		}
		layers = append(layers, layer)
	}
	return layers, nil
}

// connectorKinds, formatKinds and unpackKinds let the configuration reader check settings it
// does not know.
func connectorKinds() configs.Kinds {
	kinds := configs.Kinds{}
	for _, k := range connectors.Kinds() {
		kinds[k.Name] = func() any { return k.New() }
	}
	return kinds
}

func formatKinds() configs.Kinds {
	kinds := configs.Kinds{}
	for _, k := range formats.Kinds() {
		kinds[k.Name] = func() any { return k.New() }
	}
	return kinds
}

func unpackKinds() configs.Kinds {
	kinds := configs.Kinds{}
	for _, k := range unpack.Kinds() {
		kinds[k.Name] = func() any { return k.New() }
	}
	return kinds
}

func names[T any](all []T, name func(T) string) []string {
	var list []string
	for _, x := range all {
		list = append(list, name(x))
	}
	slices.Sort(list)
	return list
}

// nearest ends a message about an unknown name with what was probably meant.
func nearest(name string, known []string) string {
	if s := configs.Suggest(name, known); s != "" {
		return fmt.Sprintf("; did you mean %q? (known: %s)", s, strings.Join(known, ", "))
	}
	return fmt.Sprintf(" (known: %s)", strings.Join(known, ", "))
}

func datasetOf(f *configs.Feed) (transforms.Dataset, error) {
	d, ok := transforms.Lookup(f.Dataset)
	if !ok {
		return nil, fmt.Errorf("dataset %q is not known%s", f.Dataset, nearest(f.Dataset, names(transforms.Datasets(), transforms.Dataset.Name)))
	}
	return d, nil
}

func findFeed(p *configs.Project, name string) (*configs.Feed, error) {
	var known []string
	for _, s := range p.Sources {
		for _, f := range s.Feeds {
			if f.Name == name {
				return f, nil
			}
			known = append(known, f.Name)
		}
	}
	slices.Sort(known)
	return nil, usagef("feed %q is not known%s", name, nearest(name, known))
}

// mappingOf says a feed's YAML in the words of the transforms. now is the delivery's
// knowledge time.
func mappingOf(f *configs.Feed, now time.Time) transforms.Mapping {
	return transforms.Mapping{
		Source: f.Source.Name, Feed: f.Name, Fields: f.Fields, Codes: f.Codes,
		Units: transforms.Units{
			Currency: f.Units.Currency, Scale: f.Units.Scale, DateOrder: f.Units.DateOrder,
			Decimal: f.Units.Decimal, TimeZone: f.Units.TimeZone, RegionCodes: f.Units.RegionCodes,
		},
		VersionColumn: f.Version, KeyColumns: f.Key, ObservedAt: now,
		PeriodFrom: f.Periods.From, PeriodTo: f.Periods.To,
	}
}

// declared says which of a source's columns, by transforms.HeaderKey, some field of the feed reads.
func (r *feedRun) declared() map[string]bool {
	r.declareOnce.Do(func() {
		r.declaredColumns = map[string]bool{}
		for _, one := range r.readers() {
			r.declaredColumns[one.column] = true
		}
		for _, name := range r.feed.Ignore {
			r.declaredColumns[transforms.HeaderKey(name)] = true
		}
	})
	return r.declaredColumns
}

// lakeDataset is where a feed's rows are kept. What a crosscheck feed brings is kept
// apart, so that it can be compared and is never counted.
func (r *feedRun) lakeDataset() string {
	if r.feed.Role == "crosscheck" {
		return warehouse.CrosscheckPrefix + r.feed.Dataset
	}
	return r.feed.Dataset
}

func masterPath(p *configs.Project) string { return filepath.Join(p.KeysDir, "master.key") }
func tokensPath(p *configs.Project) string { return filepath.Join(p.KeysDir, "tokens.key") }

// nextTokensPath is where the key lies that tokens are being made anew with.
func nextTokensPath(p *configs.Project) string { return filepath.Join(p.KeysDir, "tokens.next") }

// inProject is where a path of lindung.yaml leads: it is relative to the project's folder.
func inProject(p *configs.Project, path string) string {
	if path = filepath.FromSlash(path); filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(p.Dir, path)
}

// DataDir is the folder that holds a project's landing, lake, log and releases.
func DataDir(p *configs.Project) string { return p.DataDir }

func openLake(p *configs.Project) (*lake.Lake, error) {
	master, err := lake.LoadMaster(masterPath(p))
	if err != nil {
		return nil, failure(ExitUsage, err)
	}
	return lake.Open(p.DataDir, master)
}

// OpenLake opens the project's lake for reading and committing.
func OpenLake(p *configs.Project) (*lake.Lake, error) { return openLake(p) }

func transformEnv(p *configs.Project) (*transforms.Env, error) {
	env, _, err := transformEnvWithKey(p)
	return env, err
}

// transformEnvWithKey gives the id of the token key too.
func transformEnvWithKey(p *configs.Project) (*transforms.Env, string, error) {
	lists, err := transforms.LoadLists(referenceFS(p))
	if err != nil {
		return nil, "", err
	}
	keys, err := privacy.LoadKeys(tokensPath(p), p.Origin() != configs.OriginReal)
	if err != nil {
		return nil, "", failure(ExitUsage, err)
	}
	return &transforms.Env{Lists: lists, Tokens: privacy.NewTokenizer(keys)}, keys.ID(), nil
}

func referenceFS(*configs.Project) fs.FS { return configs.Reference() }
