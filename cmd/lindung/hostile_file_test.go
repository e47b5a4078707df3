package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const hostileSource = `source: units
title: {id: Unit, en: Units}
origin: sample
producer: Unit
contact: data@example.org
feeds:
  hostile_money:
    dataset: remittances
    role: authoritative
    part: hostile
    connector: {kind: files, path: inbox/hostile}
    formats: [{kind: xlsx}]
    key: [year, quarter, country, channel]
    delivery: changes
    deletes: none
    limits: {memory: 128MiB}
    units: {decimal: ".", scale: "1000000"}
    fields: {year: tahun, quarter: triwulan, country: negara, amount_usd: usd, channel: "=BI"}
  honest_money:
    dataset: remittances
    role: authoritative
    part: honest
    connector: {kind: files, path: inbox/honest}
    formats: [{kind: csv}]
    key: [year, quarter, country, channel]
    delivery: changes
    deletes: none
    units: {decimal: ".", scale: "1000000"}
    fields: {year: tahun, quarter: triwulan, country: negara, amount_usd: usd, channel: "=BI"}
`

// swollenWorkbook is a small file whose shared texts unpack to almost all that a workbook may.
func swollenWorkbook(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	part := func(name string, pieces ...string) {
		w, err := z.Create(name)
		for _, piece := range pieces {
			if err == nil {
				_, err = w.Write([]byte(piece))
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	const office, packages = "http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://schemas.openxmlformats.org/package/2006/"
	part("[Content_Types].xml", `<Types xmlns="`+packages+`content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`)
	part("_rels/.rels", `<Relationships xmlns="`+packages+`relationships"><Relationship Id="r1" Type="`+office+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	part("xl/workbook.xml", `<workbook xmlns:r="`+office+`"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>`)
	part("xl/_rels/workbook.xml.rels", `<Relationships xmlns="`+packages+`relationships"><Relationship Id="r1" Type="`+office+`/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="`+office+`/sharedStrings" Target="sharedStrings.xml"/></Relationships>`)
	texts := []string{"<sst>"}
	for range 6000 {
		texts = append(texts, "<si><t>"+strings.Repeat("x", 32_000)+"</t></si>")
	}
	part("xl/sharedStrings.xml", append(texts, "</sst>")...)
	part("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>`)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A file that wants more memory than its feed may use ends its own run: the program says which
// object and which limit, and the other feed's data are taken.
func TestAFileThatWantsTooMuchMemoryEndsItsOwnRunOnly(t *testing.T) {
	t.Parallel()
	dir := projectDir(t)
	if err := writeProject(dir, emptyProject(), true); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"sources/units.yaml":         []byte(hostileSource),
		"inbox/hostile/swollen.xlsx": swollenWorkbook(t),
		"inbox/honest/money.csv":     []byte("tahun,triwulan,negara,usd\n2023,4,Hong Kong,1\n"),
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, content, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	var stdout, stderr bytes.Buffer
	c := exec.Command(program, "run", "--no-build", "--dir", dir, "--now", "2030-01-15T09:00:00Z")
	c.Stdout, c.Stderr = &stdout, &stderr
	err := c.Run()
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Fatalf("ended with %v\n%s%s", err, stdout.String(), stderr.String())
	}
	for _, want := range []string{"reached its memory limit", `"swollen.xlsx"`, "limits.memory"} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("the error lacks %q:\n%s", want, stderr.String())
		}
	}
	if !strings.Contains(stdout.String(), "honest_money   commit 1") {
		t.Errorf("the other feed was not taken:\n%s", stdout.String())
	}
}
