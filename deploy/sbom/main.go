// Command sbom completes a bill of materials of Go modules, which it reads from its input as
// CycloneDX JSON, by the C++ libraries that are linked from prebuilt archives and that no Go tool sees:
// DuckDB and what it brings along. See make sbom.
//
// It owns the list of these libraries, and must not guess: an archive that the list does not know, or a
// library that is not in the archive that the list says, is an error, so that the list moves with
// DuckDB. It knows no room of the product.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: cyclonedx-gomod mod -json … | sbom FOLDER-OF-THE-ARCHIVES")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

// A library is one C++ library in the archives.
type library struct {
	name    string
	archive string // where it is
	marker  string // a name that only this library brings
	source  string // owner/repository on GitHub
	version string // a pattern of how the archive says its version, with one group; "" where it says none
	licence string
}

// duckDB is the library that brings all the others along; its version is theirs where they say none.
const duckDB = "duckdb"

var libraries = []library{
	{duckDB, "libduckdb_static.a", "duckdb_open_ext", "duckdb/duckdb", `\x00(v[0-9]+\.[0-9]+\.[0-9]+)\x00`, "MIT"},
	{"duckdb core_functions", "libcore_functions_extension.a", "CoreFunctions", "duckdb/duckdb", "", "MIT"},
	{"duckdb parquet", "libparquet_extension.a", "ParquetReader", "duckdb/duckdb", "", "MIT"},
	{"duckdb json", "libjson_extension.a", "JSONScan", "duckdb/duckdb", "", "MIT"},
	{"duckdb icu", "libicu_extension.a", "ICUDate", "duckdb/duckdb", "", "MIT"},
	{"duckdb autocomplete", "libautocomplete_extension.a", "PEG", "duckdb/duckdb", "", "MIT"},
	{"duckdb tpch", "libtpch_extension.a", "dbgen", "duckdb/duckdb", "", "MIT"},
	{"duckdb tpcds", "libtpcds_extension.a", "dsdgen", "duckdb/duckdb", "", "MIT"},
	{"duckdb extension loader", "libduckdb_generated_extension_loader.a", "ExtensionHelper", "duckdb/duckdb", "", "MIT"},
	{"icu", "libicu_extension.a", "icu_66", "unicode-org/icu", `icu_(66)`, "Unicode-DFS-2016"},
	{"brotli", "libparquet_extension.a", "duckdb_brotli", "google/brotli", "", "MIT"},
	{"snappy", "libparquet_extension.a", "duckdb_snappy", "google/snappy", "", "BSD-3-Clause"},
	{"lz4", "libparquet_extension.a", "duckdb_lz4", "lz4/lz4", "", "BSD-2-Clause"},
	{"thrift", "libparquet_extension.a", "duckdb_apache", "apache/thrift", "", "Apache-2.0"},
	{"zstd", "libduckdb_zstd.a", "duckdb_zstd", "facebook/zstd", `[^0-9.](1\.[0-9]+\.[0-9]+)\x00`, "BSD-3-Clause"},
	{"mbedtls", "libduckdb_mbedtls.a", "mbedtls_", "Mbed-TLS/mbedtls", "", "Apache-2.0"},
	{"jemalloc", "libduckdb_jemalloc.a", "duckdb_je_", "jemalloc/jemalloc", `[^0-9.](5\.[0-9]+\.[0-9]+-[0-9]+-g[0-9a-f]+)\x00`, "BSD-2-Clause"},
	{"re2", "libduckdb_re2.a", "duckdb_re2", "google/re2", "", "BSD-3-Clause"},
	{"fmt", "libduckdb_fmt.a", "duckdb_fmt", "fmtlib/fmt", "", "MIT"},
	{"yyjson", "libduckdb_yyjson.a", "duckdb_yyjson", "ibireme/yyjson", "", "MIT"},
	{"miniz", "libduckdb_miniz.a", "duckdb_miniz", "richgel999/miniz", "", "MIT"},
	{"utf8proc", "libduckdb_utf8proc.a", "utf8proc", "JuliaStrings/utf8proc", `[^0-9.](2\.[0-9]+\.[0-9]+)\x00`, "MIT"},
	{"libpg_query", "libduckdb_pg_query.a", "duckdb_libpgquery", "pganalyze/libpg_query", "", "BSD-3-Clause"},
	{"fsst", "libduckdb_fsst.a", "duckdb_fsst", "cwida/fsst", "", "MIT"},
	{"fastpforlib", "libduckdb_fastpforlib.a", "duckdb_fastpforlib", "lemire/FastPFor", "", "Apache-2.0"},
	{"hyperloglog", "libduckdb_hyperloglog.a", "duckdb_hll", "redis/redis", "", "BSD-3-Clause"},
	{"skiplist", "libduckdb_skiplistlib.a", "duckdb_skiplist", "paulross/skiplist", "", "MIT"},
	{"cpp-httplib", "libduckdb_static.a", "duckdb_httplib", "yhirose/cpp-httplib", "", "MIT"},
	{"fast_float", "libduckdb_static.a", "duckdb_fast_float", "fastfloat/fast_float", "", "Apache-2.0"},
	{"concurrentqueue", "libduckdb_static.a", "duckdb_moodycamel", "cameron314/concurrentqueue", "", "BSD-2-Clause"},
	{"pdqsort", "libduckdb_static.a", "duckdb_pdqsort", "orlp/pdqsort", "", "Zlib"},
	{"vergesort", "libduckdb_static.a", "duckdb_vergesort", "Morwenn/vergesort", "", "MIT"},
	{"ska_sort", "libduckdb_static.a", "duckdb_ska", "skarupke/ska_sort", "", "BSL-1.0"},
	{"nanoarrow", "libduckdb_static.a", "nanoarrow", "apache/arrow-nanoarrow", "", "Apache-2.0"},
	{"tdigest", "libcore_functions_extension.a", "duckdb_tdigest", "derrickburns/tdigest", "", "Apache-2.0"},
	{"jaro_winkler", "libcore_functions_extension.a", "duckdb_jaro_winkler", "rapidfuzz/jarowinkler-cpp", "", "MIT"},
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type component struct {
	Ref        string              `json:"bom-ref"`
	Type       string              `json:"type"`
	Name       string              `json:"name"`
	Version    string              `json:"version"`
	Scope      string              `json:"scope"`
	Hashes     []map[string]string `json:"hashes"`
	Licences   []map[string]any    `json:"licenses"`
	PURL       string              `json:"purl"`
	Properties []property          `json:"properties"`
}

func run(folder string, in io.Reader, out io.Writer) error {
	var bom map[string]any
	if err := json.NewDecoder(in).Decode(&bom); err != nil {
		return fmt.Errorf("reading the bill of materials of the Go modules: %w", err)
	}
	if bom["bomFormat"] != "CycloneDX" {
		return fmt.Errorf("the input is no CycloneDX bill of materials")
	}
	found, err := components(folder)
	if err != nil {
		return err
	}
	have, _ := bom["components"].([]any)
	dependencies, _ := bom["dependencies"].([]any)
	refs := []string{}
	for _, c := range found {
		have = append(have, c)
		refs = append(refs, c.Ref)
	}
	// The module of the archives depends on DuckDB, and DuckDB on what it brings along.
	linked := false
	for _, d := range dependencies {
		if entry, ok := d.(map[string]any); ok && strings.Contains(fmt.Sprint(entry["ref"]), "duckdb-go-bindings/lib/") {
			on, _ := entry["dependsOn"].([]any)
			entry["dependsOn"], linked = append(on, refs[0]), true
		}
	}
	if !linked {
		return fmt.Errorf("the module that brings DuckDB's archives is not in the input: make it with cyclonedx-gomod mod")
	}
	bom["components"] = have
	bom["dependencies"] = append(dependencies, map[string]any{"ref": refs[0], "dependsOn": refs[1:]})
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(bom)
}

// components describes every library, DuckDB first, from the archives themselves.
func components(folder string) ([]component, error) {
	archives, err := filepath.Glob(filepath.Join(folder, "*.a"))
	if err != nil || len(archives) == 0 {
		return nil, fmt.Errorf("there are no archives in %s (%v)", folder, err)
	}
	for _, path := range archives {
		if name := filepath.Base(path); !slices.ContainsFunc(libraries, func(l library) bool { return l.archive == name }) {
			return nil, fmt.Errorf("%s is a library that the list in deploy/sbom/main.go does not know; add it", name)
		}
	}
	var (
		found  []component
		whole  string // DuckDB's version
		opened = map[string][]byte{}
	)
	for _, l := range libraries {
		content, known := opened[l.archive]
		if !known {
			if content, err = os.ReadFile(filepath.Join(folder, l.archive)); err != nil {
				return nil, fmt.Errorf("reading the archive of %s: %w", l.name, err)
			}
			opened[l.archive] = content
		}
		if !bytes.Contains(content, []byte(l.marker)) {
			return nil, fmt.Errorf("%s is not in %s any more (there is no %s); correct the list in deploy/sbom/main.go", l.name, l.archive, l.marker)
		}
		version, err := versionIn(content, l)
		if err != nil {
			return nil, err
		}
		if l.name == duckDB {
			whole = version
		}
		found = append(found, describe(l, version, whole, content))
	}
	return found, nil
}

// versionIn reads a library's version from its archive: the last that it names, since DuckDB also names those that it
// can read files of.
func versionIn(content []byte, l library) (string, error) {
	if l.version == "" {
		return "", nil
	}
	said := regexp.MustCompile(l.version).FindAllSubmatch(content, -1)
	if len(said) == 0 {
		return "", fmt.Errorf("%s does not say the version of %s; correct the list in deploy/sbom/main.go", l.archive, l.name)
	}
	newest := ""
	for _, m := range said {
		if v := string(m[1]); newer(v, newest) {
			newest = v
		}
	}
	return newest, nil
}

// newer compares versions number by number.
func newer(a, b string) bool {
	numbers := regexp.MustCompile(`[0-9]+`)
	x, y := numbers.FindAllString(a, 3), numbers.FindAllString(b, 3)
	for i := range min(len(x), len(y)) {
		if len(x[i]) != len(y[i]) {
			return len(x[i]) > len(y[i])
		}
		if x[i] != y[i] {
			return x[i] > y[i]
		}
	}
	return len(x) > len(y)
}

func describe(l library, version, whole string, content []byte) component {
	sum := sha256.Sum256(content)
	purl := "pkg:github/" + strings.ToLower(l.source)
	c := component{
		Type: "library", Name: l.name, Version: version, Scope: "required",
		Hashes:   []map[string]string{{"alg": "SHA-256", "content": hex.EncodeToString(sum[:])}},
		Licences: []map[string]any{{"license": map[string]string{"id": l.licence}}},
		Properties: []property{
			{"lindung:archive", l.archive},
			{"lindung:vendored-in", "duckdb " + whole},
		},
	}
	switch {
	case l.source == "duckdb/duckdb":
		c.Version, purl = whole, purl+"@"+whole
	case version != "":
		purl += "@" + version
	default: // the archive does not say it: which one it is follows from DuckDB's version
		c.Version = "vendored in duckdb " + whole
	}
	c.PURL, c.Ref = purl, "cpp:"+strings.ReplaceAll(l.name, " ", "-")
	return c
}
