package document

import (
	"strings"
	"testing"
)

// What is packed comes back letter by letter, each reference once.
func TestReferencesComeBack(t *testing.T) {
	body := `<p>Naik <span data-figure="A-01/2025">1.234</span> dari <td data-figure="A-01/2025" data-base="A-01/2024 A-01/2023" data-op="change">5<i>[p]</i>` +
		`<text class="label" data-figure="A-01/2025">1,234</text><span class="n">7</span><b data-count="rows.in" data-unsigned="">3</b></p>` + "\n"
	packed, template := PackReferences([]byte(body))
	if text := string(packed); strings.Contains(text, "data-figure") || !strings.Contains(text, `<span data-n=0>1.234</span>`) || !strings.Contains(text, `<text class="label" data-n=0>`) || !strings.Contains(text, `<b data-n=2>3</b>`) {
		t.Errorf("packed: %s", text)
	}
	whole, err := UnpackReferences([]byte(string(packed) + string(template) + "</body>\n"))
	if err != nil || string(whole) != body+"</body>\n" {
		t.Errorf("unpacked: %v\n%s\nwant\n%s", err, whole, body)
	}
	if same, err := UnpackReferences([]byte(body)); err != nil || string(same) != body {
		t.Errorf("a page without packed references is changed: %v", err)
	}
}

// A page whose references were tampered with is refused, whatever it holds.
func TestTamperedReferences(t *testing.T) {
	packed, template := PackReferences([]byte(`<td data-figure="A-01/2025">1</td>`))
	for name, page := range map[string]string{
		"a place that is not there": strings.Replace(string(packed), "data-n=0", "data-n=zz", 1) + string(template),
		"no base64":                 string(packed) + `<template id="lindung-references">!!!</template>`,
		"not deflated":              string(packed) + `<template id="lindung-references">aGFsbG8=</template>`,
		"cut short":                 string(packed) + string(template)[:46] + "</template>",
	} {
		if _, err := UnpackReferences([]byte(page)); err == nil {
			t.Errorf("%s: it is unpacked", name)
		}
	}
}

func FuzzUnpackReferences(f *testing.F) {
	packed, template := PackReferences([]byte(`<td data-figure="A-01/2025">1</td>`))
	f.Add(append(packed, template...))
	f.Fuzz(func(t *testing.T, page []byte) {
		_, _ = UnpackReferences(page)
	})
}
