package transforms

import "slices"

// An InputKind says what the texts of an input field must be.
type InputKind string

// The kinds of input fields.
const (
	TextInput       InputKind = "text"        // an identifier, taken as it stands
	LabelInput      InputKind = "label"       // a free text that repeats: a company, a title
	CodeInput       InputKind = "code"        // a code, name or alias of a code list
	YesNoInput      InputKind = "yes_no"      // yes or no
	WholeInput      InputKind = "whole"       // a whole number
	QuarterInput    InputKind = "quarter"     // a quarter of the year
	AmountInput     InputKind = "amount"      // a number, zero or more, that may have decimals
	NumberInput     InputKind = "number"      // a number that may be below zero
	DayInput        InputKind = "day"         // a calendar day
	MomentInput     InputKind = "moment"      // a day with or without a time
	NIKInput        InputKind = "nik"         // a national identity number
	PassportInput   InputKind = "passport"    // a passport number
	RegionCodeInput InputKind = "region_code" // a code of a province or regency
	RegionNameInput InputKind = "region_name" // a name of a province or regency
)

// Input describes one field that a feed's mapping may name.
type Input struct {
	Name     string
	Kind     InputKind
	Class    string // open, internal, personal, specific or identifier
	List     string // code list of its texts, or ""
	Required bool   // no record is accepted without it
	Key      bool   // part of the dataset's own key
}

// Personal says whether texts of the field may tell something about a person.
func (i Input) Personal() bool { return i.Class != "open" && i.Class != "internal" }

// DescribeInputs describes the fields in the order of Inputs.
func (d definition[T, P]) DescribeInputs() []Input {
	if d.alone {
		return nil
	}
	slots, columns := d.tour(), columnsOf[T]()
	inputs := make([]Input, len(slots))
	for i, s := range slots {
		in := Input{Name: s.name, Kind: s.kind, Class: classOf(d.name, s, columns), List: s.listName, Required: s.required}
		column := s.name
		if renamed, ok := d.keyName[s.name]; ok {
			column = renamed
		}
		in.Key = slices.Contains(d.key, column)
		switch {
		case s.name == versionInput:
			in.Kind = MomentInput
		case in.Kind == "":
			in.Kind = TextInput
		}
		inputs[i] = in
	}
	return inputs
}
