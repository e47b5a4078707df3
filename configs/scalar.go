package configs

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// secret is what a text type looks like that must never be printed: a connector declares one for
// its passwords and keys. Such a value is never written out in a file of real data.
type secret interface{ Reveal() string }

var secretType = reflect.TypeFor[secret]()

// decodeString takes a text, and a number or true/false as it is written: other people's codes
// look like numbers, and 01 must stay 01.
func (d *decoder) decodeString(n *node, v value) {
	if !d.scalar(n, v.label, "a text") {
		return
	}
	isSecret := v.to.Type().Implements(secretType)
	if isSecret && d.sealed && !strings.Contains(n.text, "${") && n.text != "" {
		d.fail(n.at, "%s is a secret and must not stand in the file; write ${env:NAME} or ${file:PATH}", v.label)
		return
	}
	s, whole := d.resolve(n, v.label)
	if !whole {
		return
	}
	if d.unresolved(s) {
		v.to.SetString(s)
		return
	}
	complain := func(rule string) {
		if isSecret || n.text == "" {
			d.fail(n.at, "%s %s", v.label, rule)
			return
		}
		d.fail(n.at, "%s %s, not %q", v.label, rule, n.text) // the reference, never what it stands for
	}
	if v.field.one != nil && !slices.Contains(v.field.one, s) {
		rule := "must be one of " + choices(v.field.one)
		if near := Suggest(s, v.field.one); near != "" && wordRE.MatchString(near) && !isSecret && s == n.text {
			d.fail(n.at, "%s %s, not %q; did you mean %q?", v.label, rule, n.text, near)
			return
		}
		complain(rule)
		return
	}
	if f, ok := forms[v.field.like]; ok {
		if rule := f.check(s); rule != "" {
			complain(rule)
			return
		}
	}
	v.to.SetString(s)
}

var wordRE = regexp.MustCompile(`^[A-Za-z]\w*$`)

// choices lists what may be written, in quotes where the bare sign would be lost in the sentence.
func choices(all []string) string {
	shown := make([]string, len(all))
	for i, s := range all {
		if shown[i] = s; s == "," || s == "." {
			shown[i] = strconv.Quote(s)
		}
	}
	return strings.Join(shown, ", ")
}

var digitsRE = regexp.MustCompile(`^[-+]?(0|[1-9][0-9_]*)$`)

// decodeNumber takes whole numbers and fractions. A whole number whose key ends in _bytes may be
// written as a size.
func (d *decoder) decodeNumber(n *node, v value) {
	switch v.to.Kind() {
	case reflect.Float32, reflect.Float64:
		if !d.want(n, v.label, number, integer) {
			return
		}
		f, err := strconv.ParseFloat(strings.ReplaceAll(n.text, "_", ""), 64)
		if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
			d.fail(n.at, "%s must be a plain number, not %q", v.label, n.text)
			return
		}
		if d.inBounds(n, v, f) {
			v.to.SetFloat(f)
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if n.shape == text && strings.HasSuffix(v.field.key, "_bytes") {
			size := value{to: reflect.New(sizeType).Elem(), field: v.field, label: v.label}
			before := len(d.errs)
			d.decodeSize(n, size)
			if len(d.errs) == before {
				v.to.SetInt(size.to.Int())
			}
			return
		}
		if !d.want(n, v.label, integer) {
			return
		}
		i, err := strconv.ParseInt(strings.ReplaceAll(n.text, "_", ""), 10, v.to.Type().Bits())
		if err != nil || !digitsRE.MatchString(n.text) {
			d.fail(n.at, "%s must be a whole number in plain digits, not %q", v.label, n.text)
			return
		}
		if d.inBounds(n, v, float64(i)) {
			v.to.SetInt(i)
		}
	default:
		d.fail(n.at, "%s is declared as %s, which no YAML value fits", v.label, v.to.Type())
	}
}

func (d *decoder) inBounds(n *node, v value, x float64) bool {
	low, errLow := strconv.ParseFloat(v.field.min, 64)
	high, errHigh := strconv.ParseFloat(v.field.max, 64)
	switch {
	case errLow == nil && x < low, errHigh == nil && x > high:
	default:
		return true
	}
	rule := fmt.Sprintf("at least %s", v.field.min)
	if v.field.max != "" {
		rule = fmt.Sprintf("between %s and %s", v.field.min, v.field.max)
	}
	d.fail(n.at, "%s must be %s, not %s", v.label, rule, n.text)
	return false
}

// resolve returns the text with its references replaced. It reports false when the text must not
// be used: a mistake was reported.
func (d *decoder) resolve(n *node, label string) (string, bool) {
	if !strings.Contains(n.text, "${") {
		return n.text, true
	}
	if d.references == nil {
		if m := referenceRE.FindString(n.text); m != "" {
			d.fail(n.at, "%s: a reference such as %s works only inside connector, formats, a target's s3, and the webhook, email and heartbeat of alerts; write the value out", label, m)
			return "", false
		}
		return n.text, true
	}
	return d.references(n.text, n.at, label)
}

// unresolved says that a text still holds a reference that may be missing: it cannot be judged.
func (d *decoder) unresolved(s string) bool {
	return d.references != nil && strings.Contains(s, "${")
}
