package pipelines

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/transforms"
)

// A ReadySource is a source file that comes with the program, for a project to take over.
type ReadySource struct {
	Name     string   `json:"name"` // what sources add takes
	Source   string   `json:"source"`
	Title    string   `json:"title"`
	Datasets []string `json:"datasets"`
	// Assumed says that nobody has seen the real system: the file is a template to be fitted.
	Assumed bool   `json:"assumed_shape"`
	Text    []byte `json:"-"`
	// Described is the file as it was read.
	Described *configs.Source `json:"-"`
}

// ReadySources lists the catalogue of public sources and the templates, by name.
func ReadySources() ([]ReadySource, error) {
	var all []ReadySource
	for _, from := range []struct {
		files   fs.FS
		assumed bool
	}{{configs.Catalogue(), false}, {configs.Templates(), true}} {
		names, err := fs.Glob(from.files, "*.yaml")
		if err != nil {
			return nil, fmt.Errorf("listing the sources that come with the program: %w", err)
		}
		for _, name := range names {
			one, err := readySource(from.files, name)
			if err != nil {
				return nil, err
			}
			one.Assumed = from.assumed
			all = append(all, one)
		}
	}
	return all, nil
}

// readySource reads one file by itself, since templates may describe one system in several ways.
func readySource(files fs.FS, name string) (ReadySource, error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return ReadySource{}, fmt.Errorf("reading %s: %w", name, err)
	}
	fields := map[string][]string{}
	for _, d := range transforms.Datasets() {
		fields[d.Name()] = d.Inputs()
	}
	project, err := configs.Load(os.TempDir(), configs.Options{Extra: onlyFile{files, name}, Datasets: fields, Connectors: connectorKinds(),
		Formats: formatKinds(), Unpack: unpackKinds(), AllowMissingSecrets: true})
	if err != nil {
		return ReadySource{}, fmt.Errorf("reading %s: %w", name, err)
	}
	s := project.Sources[0]
	one := ReadySource{Name: strings.TrimSuffix(name, path.Ext(name)), Source: s.Name, Title: s.Title.EN, Text: text, Described: s}
	for _, f := range s.Feeds {
		if !slices.Contains(one.Datasets, f.Dataset) {
			one.Datasets = append(one.Datasets, f.Dataset)
		}
	}
	return one, nil
}

// onlyFile is a file system with one file of another.
type onlyFile struct {
	fs.FS
	name string
}

// Glob finds the file, whatever the pattern.
func (f onlyFile) Glob(string) ([]string, error) { return []string{f.name}, nil }

// FindReadySource finds a source that comes with the program.
func FindReadySource(name string) (ReadySource, error) {
	all, err := ReadySources()
	if err != nil {
		return ReadySource{}, err
	}
	i := slices.IndexFunc(all, func(s ReadySource) bool { return s.Name == name })
	if i < 0 {
		return ReadySource{}, fmt.Errorf("no source called %q comes with the program%s; lindung sources catalogue lists them",
			name, nearest(name, names(all, func(s ReadySource) string { return s.Name })))
	}
	return all[i], nil
}
