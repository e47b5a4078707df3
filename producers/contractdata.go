package producers

import (
	"bytes"
	"strings"

	"github.com/kp2mi/lindung/transforms"
)

// A Contract is the page for a producer as data: what a program can check a delivery with, and
// the rules as the page words them.
type Contract struct {
	Dataset           string           `json:"dataset"`
	Language          string           `json:"language"`
	Title             string           `json:"title"`
	Description       string           `json:"description"`
	NormaliserVersion int              `json:"normaliser_version"`
	Columns           []ContractColumn `json:"columns"`
	Key               []string         `json:"key"` // our names
	Lists             []ContractList   `json:"lists"`
	Rules             []ContractRule   `json:"rules"`
}

// A ContractColumn is a column that a producer sends.
type ContractColumn struct {
	Name     string `json:"name"` // ours
	Label    string `json:"label"`
	Required bool   `json:"required"`
	Kind     string `json:"kind"`
	List     string `json:"list,omitempty"`
	Write    string `json:"write"` // how a value is written
	Unit     string `json:"unit,omitempty"`
	Class    string `json:"class"`
	Meaning  string `json:"meaning"`
}

// A ContractList is a code list that columns refer to.
type ContractList struct {
	Name  string         `json:"name"`
	Codes []ContractCode `json:"codes"`
}

// A ContractCode is one code and its names.
type ContractCode struct {
	Code string `json:"code"`
	ID   string `json:"id"`
	EN   string `json:"en,omitempty"`
}

// A ContractRule is a section of the page, in Markdown, without its tables.
type ContractRule struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// ContractOf gives what WriteContract writes, as data.
func ContractOf(dataset, lang string) (*Contract, error) {
	if err := checkLanguage(lang); err != nil {
		return nil, err
	}
	d, definition, lists, err := datasetOf(dataset)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := writeContract(&text, d, lists, lang); err != nil {
		return nil, err
	}
	page := contractOf(d, lists, lang)
	c := &Contract{Dataset: dataset, Language: lang, Title: definition.Title.ID, Description: definition.Description.ID,
		NormaliserVersion: page.Version, Key: []string{}, Lists: []ContractList{}, Rules: contractRules(text.String())}
	if lang == English {
		c.Title, c.Description = definition.Title.EN, definition.Description.EN
	}
	for _, col := range page.Columns {
		c.Columns = append(c.Columns, ContractColumn{Name: col.Name, Label: col.Label, Required: col.Required, Kind: string(col.Kind), List: col.List,
			Write: col.Write, Unit: col.Unit, Class: col.Class, Meaning: col.Definition})
		if col.Key {
			c.Key = append(c.Key, col.Name)
		}
	}
	for _, l := range page.Lists {
		c.Lists = append(c.Lists, ContractList{Name: l.Name, Codes: contractCodes(l.Codes)})
	}
	return c, nil
}

func contractCodes(codes []transforms.Code) []ContractCode {
	all := make([]ContractCode, len(codes))
	for i, code := range codes {
		all[i] = ContractCode(code)
	}
	return all
}

// contractRules takes the sections of the page, less what is data already: tables, and the
// headings of lists.
func contractRules(page string) []ContractRule {
	var rules []ContractRule
	for _, section := range strings.Split(page, "\n## ")[1:] {
		title, body, _ := strings.Cut(section, "\n")
		var lines []string
		for line := range strings.Lines(body) {
			if !strings.HasPrefix(line, "|") && !strings.HasPrefix(line, "#") {
				lines = append(lines, line)
			}
		}
		rules = append(rules, ContractRule{Title: title, Text: strings.TrimSpace(strings.Join(lines, ""))})
	}
	return rules
}
