package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/tables"
)

// MetadataFile describes the others. It is where programs that know CSV on the Web look first.
const MetadataFile = "csv-metadata.json"

// A File is a file that was written.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// WriteTables writes every table of a document into a folder, as <id>.csv and <id>.parquet, and the
// description of them. It names the files, the description last. Translations are the same report in
// other languages: they give the titles of tables and columns in those. The same documents give the
// same bytes.
func WriteTables(dir string, doc *document.Document, translations ...*document.Document) ([]File, error) {
	files, err := writeTables(dir, doc, translations)
	if err != nil {
		return nil, fmt.Errorf("writing the tables of the report: %w", err)
	}
	return files, nil
}

func writeTables(dir string, doc *document.Document, translations []*document.Document) ([]File, error) {
	found, err := tables.Collect(doc)
	if err != nil {
		return nil, err
	}
	titles, err := titlesOf(doc, found, translations)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	d := describe(doc)
	var files []File
	names := map[string]string{}
	for _, t := range found {
		name := fileName(t.ID)
		if other, taken := names[name]; taken {
			return nil, fmt.Errorf("tables %s and %s would both be file %s.csv", other, t.ID, name)
		}
		names[name] = t.ID
		columns, err := columnsOf(t)
		if err != nil {
			return nil, err
		}
		var text, packed bytes.Buffer
		if err := writeCSV(&text, columns); err != nil {
			return nil, fmt.Errorf("table %s: %w", t.ID, err)
		}
		if err := writeParquet(&packed, doc, t, columns); err != nil {
			return nil, fmt.Errorf("table %s: %w", t.ID, err)
		}
		two := []File{fileOf(name+".csv", text.Bytes()), fileOf(name+".parquet", packed.Bytes())}
		for i, content := range [][]byte{text.Bytes(), packed.Bytes()} {
			if err := os.WriteFile(filepath.Join(dir, two[i].Name), content, 0o644); err != nil {
				return nil, err
			}
		}
		files = append(files, two...)
		d.Tables = append(d.Tables, d.table(t, columns, titles, two))
	}
	text, err := d.json()
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, MetadataFile), text, 0o644); err != nil {
		return nil, err
	}
	return append(files, fileOf(MetadataFile, text)), nil
}

func fileOf(name string, content []byte) File {
	sum := sha256.Sum256(content)
	return File{name, int64(len(content)), hex.EncodeToString(sum[:])}
}

// fileName is a table's ID as a name that every file system takes.
func fileName(id string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) || r == '-' {
			return unicode.ToLower(r)
		}
		return '_'
	}, id)
}
