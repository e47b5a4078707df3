package reports

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/reports/content"
	"github.com/kp2mi/lindung/reports/data"
	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/html"
	"github.com/kp2mi/lindung/reports/pdf"
	"github.com/kp2mi/lindung/reports/words"
	"github.com/kp2mi/lindung/reports/xlsx"
)

// Formats are what a report can be written as: a page, PDF files, workbooks, data files.
var Formats = []string{"html", "pdf", "xlsx", "csv"}

// An Order asks for one report.
type Order struct {
	Book    *content.Book
	Report  configs.Report
	Subject content.Subject
	Release document.Release // the book's, with its hashes
	Formats []string
	Browser string // that prints PDF files; empty: the first known one on PATH
}

// ErrNoBrowser says that PDF files were asked for and no browser is there to print them; the
// other files are there all the same.
var ErrNoBrowser = pdf.ErrNoBrowser

// ParseFormats reads "html,xlsx".
func ParseFormats(text string) ([]string, error) {
	var formats []string
	for _, name := range strings.Split(text, ",") {
		name = strings.TrimSpace(name)
		if !slices.Contains(Formats, name) {
			return nil, fmt.Errorf("format %q: reports are written as %s", name, strings.Join(Formats, ", "))
		}
		if !slices.Contains(formats, name) {
			formats = append(formats, name)
		}
	}
	return formats, nil
}

// Title is a report's title in both languages where it has them, by language.
func Title(documents []*document.Document) (id, en string) {
	for _, d := range documents {
		if d.Lang == string(words.Indonesian) {
			id = d.Title
		} else {
			en = d.Title
		}
	}
	return id, en
}

// Documents are a report in its languages.
func Documents(o Order) ([]*document.Document, error) {
	var all []*document.Document
	for _, lang := range []words.Language{words.Indonesian, words.English} {
		if o.Report.Only != "" && o.Report.Only != string(lang) {
			continue
		}
		d, err := content.Write(o.Book, o.Report, o.Subject, lang)
		if err != nil {
			return nil, err
		}
		d.Release = o.Release
		all = append(all, d)
	}
	return all, nil
}

// Files writes documents in the formats that were asked for. Every name begins with stem. With ErrNoBrowser the other files are there.
func Files(ctx context.Context, o Order, stem string, documents []*document.Document) (map[string][]byte, error) {
	files := map[string][]byte{}
	var missing error
	for _, format := range o.Formats {
		var err error
		switch format {
		case "html":
			err = page(files, stem+".html", documents)
		case "pdf":
			err = paper(ctx, files, o, stem, documents)
		case "xlsx":
			err = workbooks(files, stem, documents)
		case "csv":
			err = tables(files, stem, documents)
		}
		if errors.Is(err, pdf.ErrNoBrowser) {
			missing, err = err, nil
		}
		if err != nil {
			return nil, fmt.Errorf("writing %s as %s: %w", stem, format, err)
		}
	}
	return files, missing
}

func page(files map[string][]byte, name string, documents []*document.Document) error {
	var b bytes.Buffer
	if err := html.Write(&b, documents...); err != nil {
		return err
	}
	files[name] = b.Bytes()
	return nil
}

func paper(ctx context.Context, files map[string][]byte, o Order, stem string, documents []*document.Document) error {
	printer := pdf.Printer{Browser: o.Browser}
	for _, d := range documents {
		var b bytes.Buffer
		if err := html.WritePaper(&b, d); err != nil {
			return err
		}
		about := pdf.About{Title: d.Title, Lang: d.Lang, Publisher: d.Publisher, Subject: d.Subject, Created: o.Release.AsOf}
		printed, err := printer.Print(ctx, b.Bytes(), about)
		if err != nil {
			return err
		}
		files[stem+"-"+d.Lang+".pdf"] = printed
	}
	return nil
}

func workbooks(files map[string][]byte, stem string, documents []*document.Document) error {
	for _, d := range documents {
		var b bytes.Buffer
		if err := xlsx.Write(&b, d); err != nil {
			return err
		}
		files[stem+"-"+d.Lang+".xlsx"] = b.Bytes()
	}
	return nil
}

// tables writes every table once, described in all languages, into one archive: data files by the
// hundred are handed on together.
func tables(files map[string][]byte, stem string, documents []*document.Document) error {
	dir, err := os.MkdirTemp("", "lindung-tables-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	written, err := data.WriteTables(dir, documents[0], documents[1:]...)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	for _, f := range written {
		content, err := os.ReadFile(filepath.Join(dir, f.Name))
		if err != nil {
			return err
		}
		// Without a time the same report gives the same bytes.
		member, err := archive.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		if _, err := member.Write(content); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	files[stem+"-data.zip"] = b.Bytes()
	return nil
}
