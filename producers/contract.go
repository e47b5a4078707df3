package producers

import (
	_ "embed"
	"fmt"
	"io"
	"strings"
	"text/template"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/transforms"
)

//go:embed contract.id.md
var contractIndonesian string

//go:embed contract.en.md
var contractEnglish string

// A contractPage is what the page is filled with.
type contractPage struct {
	Definition configs.DatasetDefinition
	Version    int
	Columns    []formColumn
	Key        string
	Lists      []contractList
}

type contractList struct {
	Title string
	Name  string
	Codes []transforms.Code
}

// WriteContract writes the page to send a producer, in Markdown: columns, codes, key and version
// rules, how to deliver, what is checked and what becomes of rejects.
func WriteContract(w io.Writer, dataset, lang string) error {
	if err := checkLanguage(lang); err != nil {
		return err
	}
	d, _, lists, err := datasetOf(dataset)
	if err != nil {
		return err
	}
	return writeContract(w, d, lists, lang)
}

// contractOf gathers what the page says of the dataset alone.
func contractOf(d transforms.Dataset, lists *transforms.Lists, lang string) contractPage {
	definition, _ := DefinitionOf(d.Name())
	page := contractPage{Definition: definition, Version: d.Version(), Columns: producerColumns(d, lists, lang)}
	var key []string
	seen := map[string]bool{}
	for _, c := range page.Columns {
		if c.Key {
			key = append(key, c.Label)
		}
		if c.Kind == transforms.CodeInput && !seen[c.List] {
			seen[c.List] = true
			page.Lists = append(page.Lists, contractList{Title: c.Label + " (`" + c.List + "`)", Name: c.List, Codes: lists.Entries(c.List)})
		}
	}
	page.Key = strings.Join(key, " + ")
	return page
}

func writeContract(w io.Writer, d transforms.Dataset, lists *transforms.Lists, lang string) error {
	page := contractOf(d, lists, lang)
	text := contractIndonesian
	if lang == English {
		text = contractEnglish
	}
	t, err := template.New("contract." + lang).Funcs(template.FuncMap{
		"cell":  func(s string) string { return strings.ReplaceAll(s, "|", "\\|") },
		"class": func(class string) string { return classesIndonesian[class] },
	}).Parse(text)
	if err != nil {
		return fmt.Errorf("reading the page for producers: %w", err)
	}
	return t.Execute(w, page)
}

var classesIndonesian = map[string]string{
	"open": "terbuka", "internal": "internal", "personal": "pribadi", "specific": "khusus", "identifier": "pengenal",
}
