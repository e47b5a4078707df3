package pdf

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// plain is as much of a browser's file as settle looks at.
const plain = "%PDF-1.4\n7 0 obj\n[(node00000189) (node00000197) (node00000189)]\nendobj\n1 0 obj\n<</Title (x)\n/CreationDate (D:20261126211526+00'00')\n/ModDate (D:20261126211526+00'00')>>\nendobj\n" +
	"2 0 obj\n<</Type /Catalog\n/Pages 3 0 R>>\nendobj\nxref\n0 3\ntrailer\n<</Size 4\n/Root 2 0 R\n/Info 1 0 R>>\nstartxref\n190\n%%EOF"

var about = About{Title: "A & B", Lang: "id", Created: time.Date(2026, 1, 12, 10, 0, 0, 0, time.FixedZone("WIB", 7*3600))}

func TestSettled(t *testing.T) {
	got, err := settle([]byte(plain), about)
	if err != nil {
		t.Fatal(err)
	}
	text := string(got)
	kept := strings.NewReplacer("20261126211526", "20260112030000", "node00000189", "node00000001", "node00000197", "node00000002").Replace(plain)
	if !strings.HasPrefix(text, kept) {
		t.Errorf("the browser's bytes are not kept but for dates and numbers:\n%s", text)
	}
	for _, want := range []string{
		"2 0 obj\n<</Type /Catalog\n/Pages 3 0 R\n/Metadata 4 0 R>>\nendobj\n", "4 0 obj\n<</Type /Metadata /Subtype /XML", "A &amp; B",
		"<xmp:CreateDate>2026-01-12T03:00:00Z</xmp:CreateDate>", "<</Size 5\n/Root 2 0 R\n/Info 1 0 R\n/Prev 190\n/ID [<",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the file lacks %q:\n%s", want, text)
		}
	}
	later, err := settle([]byte(strings.NewReplacer("20261126", "20261127", "00000189", "00000191", "00000197", "00000203").Replace(plain)), about)
	if err != nil || !bytes.Equal(later, got) {
		t.Errorf("another hour of printing and other numbers give other bytes (%v)", err)
	}
}

func TestUnknownForms(t *testing.T) {
	for old, replacement := range map[string]string{
		"%%EOF": "", "/Size 4": "", "/Root 2 0 R": "", "/Root 2": "/Root 9", "/Info 1 0 R": "", "/Type /Catalog": "/Type /Page", "/Pages 3 0 R": "/Metadata 3 0 R", "3 0 R>>\nendobj": "3 0 R",
	} {
		if _, err := settle([]byte(strings.Replace(plain, old, replacement, 1)), about); err == nil {
			t.Errorf("a file with %q for %q was taken", replacement, old)
		}
	}
}

func FuzzSettle(f *testing.F) {
	f.Add([]byte(plain))
	f.Fuzz(func(t *testing.T, raw []byte) {
		again := bytes.Clone(raw)
		one, err := settle(raw, about)
		two, other := settle(again, about)
		if (err == nil) != (other == nil) || !bytes.Equal(one, two) {
			t.Error("the same file gives other bytes")
		}
	})
}
