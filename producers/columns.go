package producers

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/transforms"
)

// The languages of a form and of a contract.
const (
	Indonesian = "id"
	English    = "en"
)

// A formColumn is a field of a dataset as a producer sees it.
type formColumn struct {
	transforms.Input
	Label      string
	Definition string
	Unit       string
	Write      string // how a value is written
	Example    string
	Choices    []string // for a drop-down; nil when there is none
}

// Needed says whether the column must be filled, for a page.
func (c formColumn) Needed(lang string) string {
	switch {
	case c.Required && lang == Indonesian:
		return "wajib"
	case c.Required:
		return "required"
	case lang == Indonesian:
		return "boleh kosong"
	}
	return "may be empty"
}

// producerColumns are the columns that a producer fills: all fields but those that a person
// cannot know or would only say twice.
func producerColumns(dataset transforms.Dataset, lists *transforms.Lists, lang string) []formColumn {
	definition, _ := DefinitionOf(dataset.Name())
	words := headerWords()
	inputs := dataset.DescribeInputs()
	named := map[string]bool{}
	for _, in := range inputs {
		named[in.Name] = true
	}
	var columns []formColumn
	for _, in := range inputs {
		if in.Kind == transforms.RegionCodeInput && named[strings.TrimSuffix(in.Name, "_code")] {
			continue // the name says it, and everybody writes it alike
		}
		c := formColumn{Input: in}
		described, ok := definitionOfInput(definition, in.Name)
		text := described.ID
		if lang == English {
			text = described.EN
		}
		c.Definition, c.Unit = text, described.Unit
		if said, ok := identifierTexts[in.Kind]; ok {
			c.Definition = said[lang]
		}
		c.Label = label(in.Name, firstWords(text), ok && described.Name == in.Name, words.Of(dataset.Name(), in.Name), lang)
		if c.Definition == "" {
			c.Definition = c.Label + "."
		}
		c.Write, c.Example, c.Choices = writing(in, lists, lang)
		columns = append(columns, c)
	}
	return columns
}

// identifierTexts explain the identifiers, which no column of a dataset holds as they come.
var identifierTexts = map[transforms.InputKind]map[string]string{
	transforms.NIKInput: {
		Indonesian: "Nomor Induk Kependudukan pekerja. Diubah menjadi token berkunci sebelum ditulis; nomornya sendiri tidak dipakai.",
		English:    "National identity number of the worker. It becomes a keyed token before anything is written; the number itself is not used.",
	},
	transforms.PassportInput: {
		Indonesian: "Nomor paspor pekerja. Diubah menjadi token berkunci sebelum ditulis; nomornya sendiri tidak dipakai.",
		English:    "Passport number of the worker. It becomes a keyed token before anything is written; the number itself is not used.",
	},
}

// definitionOfInput finds the definition of the column that a field goes into.
func definitionOfInput(d configs.DatasetDefinition, input string) (configs.ColumnDefinition, bool) {
	if c, ok := d.Column(input); ok {
		return c, true
	}
	for _, c := range d.Columns {
		if strings.HasPrefix(c.Name, input+"_") && c.Class == "identifier" {
			return c, true
		}
	}
	return configs.ColumnDefinition{}, false
}

// label is what the column is called on a form: a name by which its field is found again.
func label(field, defined string, own bool, called []string, lang string) string {
	switch {
	case own && defined != "":
		return defined
	case lang == Indonesian && len(called) > 0:
		return capital(called[0])
	}
	return capital(strings.ReplaceAll(field, "_", " "))
}

func capital(text string) string {
	for _, short := range []string{"nik", "p3mi"} {
		if text == short {
			return strings.ToUpper(text)
		}
	}
	runes := []rune(text)
	runes[0] = unicode.ToUpper(runes[0])
	return string(runes)
}

// writing says how a value is written, shows one, and lists the values where they are few.
func writing(in transforms.Input, lists *transforms.Lists, lang string) (how, example string, choices []string) {
	id := lang == Indonesian
	say := func(indonesian, english string) string {
		if id {
			return indonesian
		}
		return english
	}
	switch in.Kind {
	case transforms.CodeInput:
		choices = choicesOf(in.List, lists, lang)
		list := strings.ReplaceAll(in.List, "_", " ")
		return say("kode atau nama dari daftar \""+list+"\"", "a code or name of the list \""+list+"\""), choices[0], choices
	case transforms.RegionNameInput:
		if in.Name == "province" {
			choices = choicesOf("province", lists, lang)
			return say("nama provinsi", "name of the province"), choices[0], choices
		}
		return say("nama dengan \"Kabupaten\" atau \"Kota\" di depannya", "name with \"Kabupaten\" or \"Kota\" before it"), "Kabupaten Indramayu", nil
	case transforms.RegionCodeInput:
		return say("kode wilayah Kemendagri atau BPS; sebutkan yang mana", "region code of Kemendagri or BPS; say which"), "32", nil
	case transforms.YesNoInput:
		choices = []string{"ya", "tidak"}
		if !id {
			choices = []string{"yes", "no"}
		}
		return say("ya atau tidak", "yes or no"), choices[0], choices
	case transforms.QuarterInput:
		return say("1 sampai 4", "1 to 4"), "1", []string{"1", "2", "3", "4"}
	case transforms.DayInput:
		return say("tanggal, TTTT-BB-HH", "day, YYYY-MM-DD"), "2024-01-31", nil
	case transforms.MomentInput:
		return say("tanggal, dengan atau tanpa jam: TTTT-BB-HH jj:mm, waktu Jakarta", "day, with or without a time: YYYY-MM-DD hh:mm, Jakarta time"), "2024-01-31 09:30", nil
	case transforms.NIKInput:
		return say("16 angka, disimpan sebagai teks", "16 digits, stored as text"), "3201014101900000", nil
	case transforms.PassportInput:
		return say("huruf dan angka tanpa spasi", "letters and digits without blanks"), "X0000000", nil
	case transforms.AmountInput, transforms.NumberInput:
		return say("angka saja; bila ada desimal, satu tanda yang sama di seluruh berkas", "digits; decimals with one and the same mark in the whole file"), "1250000", nil
	case transforms.WholeInput:
		return say("bilangan bulat", "a whole number"), "24", nil
	case transforms.LabelInput:
		return say("teks", "text"), say("Contoh", "Example"), nil
	}
	return say("teks yang tidak pernah berubah untuk baris yang sama", "a text that never changes for the same row"), "CONTOH-001", nil
}

// choicesOf are the names of a list by which each of its codes is found again; the code where a
// name does not lead back to it.
func choicesOf(list string, lists *transforms.Lists, lang string) []string {
	var choices []string
	for _, c := range lists.Entries(list) {
		name := c.ID
		if lang == English && c.EN != "" {
			name = c.EN
		}
		if code, ok := lists.Resolve(list, name); name == "" || !ok || code != c.Code {
			name = c.Code
		}
		choices = append(choices, name)
	}
	return choices
}

// datasetOf finds a dataset that a producer can deliver.
func datasetOf(name string) (transforms.Dataset, configs.DatasetDefinition, *transforms.Lists, error) {
	d, ok := transforms.Lookup(name)
	if !ok || len(d.Inputs()) == 0 {
		var known []string
		for _, d := range transforms.Datasets() {
			if len(d.Inputs()) > 0 {
				known = append(known, d.Name())
			}
		}
		return nil, configs.DatasetDefinition{}, nil, fmt.Errorf("dataset %q is not known (known: %s)", name, strings.Join(known, ", "))
	}
	lists, err := transforms.LoadLists(configs.Reference())
	if err != nil {
		return nil, configs.DatasetDefinition{}, nil, err
	}
	definition, _ := DefinitionOf(name)
	return d, definition, lists, nil
}

func checkLanguage(lang string) error {
	if lang != Indonesian && lang != English {
		return fmt.Errorf("language %q is not known; use id or en", lang)
	}
	return nil
}
