package configs

import (
	"embed"
	"io/fs"
	"maps"
	"strings"
)

//go:embed sources
var sourcesFS embed.FS

//go:embed catalogue
var catalogueFS embed.FS

//go:embed reference
var referenceFS embed.FS

//go:embed datasets
var datasetsFS embed.FS

//go:embed lindung.yaml schema
var baseFS embed.FS

//go:embed reports
var reportsFS embed.FS

//go:embed demo
var demoFS embed.FS

//go:embed all:init
var initFS embed.FS

// SampleSources are the source files of the sample world, at the root.
func SampleSources() fs.FS { return sub(sourcesFS, "sources") }

// Catalogue are the source files of public sources that a project can take over, at the root. All their
// feeds are off, and no project of the program's own has them.
func Catalogue() fs.FS { return sub(catalogueFS, "catalogue") }

// Templates are the source files of systems of the ministry and its partners whose shape is assumed, at the
// root. All their feeds are off. Several can describe one system in different ways, so a project takes each
// file for itself and never all of them.
func Templates() fs.FS { return sub(catalogueFS, "catalogue/templates") }

// Reference are the code lists and the published figures, one CSV each, at the root.
func Reference() fs.FS { return sub(referenceFS, "reference") }

// InitFiles is the commented starting project: what lindung init writes, by path.
func InitFiles() map[string][]byte {
	files := map[string][]byte{}
	gather(files, "", baseFS, ".")
	gather(files, "", initFS, "init")
	return files
}

// SampleFiles is the project of the sample world: its project file, its sources, and the published
// figures that one of the sources reads, by path.
func SampleFiles() map[string][]byte {
	files := map[string][]byte{}
	gather(files, "", baseFS, ".")
	gather(files, "sources/", sourcesFS, "sources")
	maps.DeleteFunc(files, func(name string, _ []byte) bool { return strings.HasSuffix(name, ".md") })
	const figures = "reference/published_figures.csv"
	files[figures] = read(referenceFS, figures)
	files[ProjectFile] = read(demoFS, "demo/"+ProjectFile)
	files[".gitignore"] = read(initFS, "init/.gitignore")
	return files
}

// gather adds every file below dir, called after its path below dir.
func gather(files map[string][]byte, prefix string, fsys embed.FS, dir string) {
	err := fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files[prefix+strings.TrimPrefix(name, dir+"/")] = read(fsys, name)
		}
		return err
	})
	if err != nil {
		panic(err) // the files are a part of the program
	}
}

func read(fsys embed.FS, name string) []byte {
	raw, err := fsys.ReadFile(name)
	if err != nil {
		panic(err) // the files are a part of the program
	}
	return raw
}

func sub(fsys fs.FS, dir string) fs.FS {
	inner, err := fs.Sub(fsys, dir)
	if err != nil {
		panic("the embedded folder " + dir + " has an impossible name")
	}
	return inner
}
