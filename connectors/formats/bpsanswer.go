package formats

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kp2mi/lindung/connectors/jsonscan"
)

// The lists of an answer, in the order in which their codes make a key.
const (
	bpsVervar = iota
	bpsVar
	bpsTurvar
	bpsTahun
	bpsTurtahun
	bpsLists
)

var bpsListNames = [bpsLists]string{"vervar", "var", "turvar", "tahun", "turtahun"}

// A bpsItem is one entry of a list. Only variables have more than code and label.
type bpsItem struct{ code, label, unit, note, subject string }

// A bpsAnswer is what an answer says besides its values.
type bpsAnswer struct {
	text              jsonscan.Text
	status, message   string
	availability      string
	updated, vertical string
	lists             [bpsLists][]bpsItem
	content           int // where datacontent is, -1 when there is none
}

// read finds the lists and the values, and refuses what is no answer with data.
func (a *bpsAnswer) read() error {
	a.content = -1
	start, err := a.text.Space(0)
	if err != nil {
		return fmt.Errorf("the answer is no JSON: %w", err)
	}
	end, err := a.text.Value(start)
	if err == nil {
		err = a.text.End(end)
	}
	if err != nil {
		return fmt.Errorf("the answer is no JSON: %w", err)
	}
	if a.text.Data[start] != '{' {
		return errors.New("the answer is no JSON object: is this an answer of BPS's web service to model=data?")
	}
	seen := map[string]bool{}
	err = a.members(start, func(name string, at int) error {
		if seen[name] {
			return fmt.Errorf("the answer names %.40q twice: which one is meant cannot be known", name)
		}
		seen[name] = true
		return a.member(name, at)
	})
	if err != nil {
		return err
	}
	switch {
	case a.status == "":
		return errors.New("the answer has no status: is this an answer of BPS's web service to model=data?")
	case !strings.EqualFold(a.status, "OK"):
		return fmt.Errorf("BPS answered with status %.40q: %s", a.status, plainMessage(a.message))
	case a.content < 0 && a.availability == "available":
		return errors.New("the answer says that data are available and has no datacontent: was it asked for model=data?")
	}
	return nil
}

func (a *bpsAnswer) member(name string, at int) (err error) {
	for list, known := range bpsListNames {
		if name == known {
			a.lists[list], err = a.list(name, at)
			return err
		}
	}
	switch name {
	case "datacontent":
		a.content = at
	case "status":
		a.status, err = a.label(name, at)
	case "message":
		a.message, _, _ = a.scalar(at)
	case "data-availability":
		a.availability, err = a.label(name, at)
	case "last_update":
		a.updated, err = a.label(name, at)
	case "labelvervar":
		a.vertical, err = a.label(name, at)
	}
	return err
}

// list reads one of the five lists. null and "" stand for an empty one.
func (a *bpsAnswer) list(name string, at int) (items []bpsItem, err error) {
	if a.text.Data[at] != '[' {
		if text, known, _ := a.scalar(at); known && text == "" {
			return nil, nil
		}
		return nil, fmt.Errorf("%s is no list: the service has changed, or this is another answer", name)
	}
	i, more, err := a.text.First(at, ']')
	for more && err == nil {
		var item bpsItem
		if item, err = a.item(fmt.Sprintf("item %d of %s", len(items)+1, name), i); err != nil {
			return nil, err
		}
		items = append(items, item)
		if i, err = a.text.Value(i); err == nil {
			i, more, err = a.text.Next(i, ']')
		}
	}
	return items, err
}

func (a *bpsAnswer) item(place string, at int) (item bpsItem, err error) {
	if a.text.Data[at] != '{' {
		return item, fmt.Errorf("%s is no object with val and label", place)
	}
	err = a.members(at, func(name string, at int) (err error) {
		target := map[string]*string{"val": &item.code, "label": &item.label, "unit": &item.unit, "note": &item.note, "subj": &item.subject}[name]
		if target == nil {
			return nil
		}
		*target, err = a.label(name+" of "+place, at)
		return err
	})
	if err == nil && (item.code == "" || len(item.code) > 32) {
		err = fmt.Errorf("%s has no val, or one that is no code", place)
	}
	return item, err
}

// label reads a text that many records will have; what is no text is an error of
// the whole answer.
func (a *bpsAnswer) label(place string, at int) (string, error) {
	text, known, ok := a.scalar(at)
	switch {
	case !known:
		return "", fmt.Errorf("%s is neither a text nor a number", place)
	case !ok:
		return "", fmt.Errorf("%s holds bytes or escapes that are not text: ask for the answer again", place)
	case len(text) > MaxCell:
		return "", fmt.Errorf("%s has %d bytes, more than %d", place, len(text), MaxCell)
	}
	return text, nil
}

// scalar reads a text, or a number as it is written; known is false for what is
// neither, ok for what holds bytes that are no text.
func (a *bpsAnswer) scalar(at int) (text string, known, ok bool) {
	data := a.text.Data
	switch c := data[at]; {
	case c == 'n':
		return "", true, true
	case c == '"':
		end, form, err := a.text.String(at)
		if err != nil {
			return "", false, true
		}
		out, ok := jsonscan.AppendText(nil, data[at+1:end-1], form)
		text = strings.ToValidUTF8(strings.ReplaceAll(string(out), "\x00", "?"), "?")
		return text, true, ok && text == string(out)
	case c == '-' || '0' <= c && c <= '9':
		end, err := a.text.Number(at)
		return string(data[at:max(at, end)]), err == nil, true
	}
	return "", false, true
}

// members calls f for each member of the object at i, which is known to be well
// formed.
func (a *bpsAnswer) members(i int, f func(name string, value int) error) error {
	i, more, err := a.text.First(i, '}')
	for more && err == nil {
		raw, form, value, keyErr := a.text.Key(i)
		if keyErr != nil {
			return keyErr
		}
		name, _ := jsonscan.AppendText(nil, raw, form)
		if err := f(string(name), value); err != nil {
			return err
		}
		if i, err = a.text.Value(value); err == nil {
			i, more, err = a.text.Next(i, '}')
		}
	}
	return err
}

// codes words a combination for messages.
func (a *bpsAnswer) codes(items [bpsLists]int32) string {
	parts := make([]string, bpsLists)
	for list, name := range bpsListNames {
		parts[list] = fmt.Sprintf("%s %s", name, a.lists[list][items[list]].code)
	}
	return strings.Join(parts, ", ")
}

// plainMessage words a source's own message: short, one line, printable.
func plainMessage(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' }), " ")
	if len(text) > 200 {
		text = strings.ToValidUTF8(text[:200], "") + "…"
	}
	if text == "" {
		return "no message"
	}
	return text
}
