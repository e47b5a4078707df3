package pipelines

import (
	"io/fs"
	"slices"
	"testing"

	"github.com/kp2mi/lindung/configs"
)

// otherwiseFetched are the connectors for which the sample world has no server, with what stands in for
// them: a file of the same dataset.
var otherwiseFetched = map[string]string{
	"postgres": "a database appears as files that it dropped",
	"mysql":    "a database appears as files that it dropped",
}

// What a template fetches can be tried in the demo: the sample sources have a feed of its dataset with the
// same kind of connector, or a reason not to.
func TestEveryTemplateHasASample(t *testing.T) {
	sources, err := fs.Glob(configs.SampleSources(), "*.yaml")
	if err != nil || len(sources) == 0 {
		t.Fatal("no sample sources", err)
	}
	env := func(string) (string, bool) { return "a secret", true }
	samples := map[string][]string{} // connectors by dataset
	for _, s := range loadedWith(t, t.TempDir(), configs.SampleSources(), env).Sources {
		for _, f := range s.Feeds {
			samples[f.Dataset] = append(samples[f.Dataset], f.Connector.Kind)
		}
	}
	checked := 0
	for _, s := range templates(t) {
		for _, f := range s.Feeds {
			checked++
			kinds := []string{f.Connector.Kind}
			if otherwiseFetched[f.Connector.Kind] != "" {
				kinds = []string{"files", "sftp", "s3"}
			}
			if !slices.ContainsFunc(samples[f.Dataset], func(kind string) bool { return slices.Contains(kinds, kind) }) {
				t.Errorf("%s of %s: no sample feed of %s by %v; there are: %v", f.Name, s.File, f.Dataset, kinds, samples[f.Dataset])
			}
		}
	}
	if checked < 40 {
		t.Errorf("%d feeds of templates", checked)
	}
}
