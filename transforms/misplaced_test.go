package transforms

import (
	"slices"
	"strings"
	"testing"
)

func TestWhatLooksLikeANumberOfAPerson(t *testing.T) {
	for text, want := range map[string]bool{
		"3201014101900000": true, "3201 0141 0190 0000": true, "NIK: 320101.410190.0000;": true, "320101410190000": true,
		"0812-3456-7890": true, "+62 812 3456 7890": true, "X0000123": true, " x0000123 ": true,
		"": false, "2024-01-31": false, "2024-01-31 10:15:00": false, "20240131101500": false, "PLA-2024-000123": false, "25.000.000,00": false,
		"Taiwan": false, "K19": false, "XX000123": false,
	} {
		if got := LooksPersonal(text); got != want {
			t.Errorf("%q: %t, want %t", text, got, want)
		}
	}
}

// A NIK in a column that is kept as it stands, a number of the record or a free text, is kept out.
func TestANIKIsNoTextOfARecord(t *testing.T) {
	const text = "placement_id,nik,country,completed_on,job_title,p3mi\n" +
		"3201014101900000,,Taiwan,2024-01-01,,\n" +
		"P-2,3201014101900000,Taiwan,2024-01-01,Perawat 3201014101900000,\n" +
		"P-3,,Taiwan,2024-01-01,,=A1+3201014101900000\n" +
		"2024010100000017,3201014101900000,Taiwan,2024-01-01,Perawat,PT 99999999999999999\n"
	rows, rejects := normaliseText(t, "placements", text, Mapping{})
	if rows.Len() != 1 || len(rejects) != 3 {
		t.Fatalf("%d rows and %d rejects", rows.Len(), len(rejects))
	}
	for i, column := range []string{"placement_id", "job_title", "p3mi"} {
		if p := rejects[i].Problems; len(p) != 1 || p[0].Code != IdentifierInText || p[0].Column != column || strings.Contains(p[0].Message, "3201") {
			t.Errorf("%s: %v", column, p)
		}
	}
}

// A short word is shown in a message, since it may be a new code; where the columns of its record have
// slipped it may as well be a name.
func TestNoWordOfASlippedRecordIsShown(t *testing.T) {
	const text = "placement_id,nik,passport,country,completed_on\n" +
		"P-1,3201014101900000,X0000123,Sumiati,2024-01-01\n" +
		"P-2,X0000123,081234567890,Sumiati,2024-01-01\n" +
		"P-3,Sumiati,3201014101900000,Sumiati,2024-01-01\n" +
		"081234567890,,,Sumiati,2024-01-01\n"
	_, rejects := normaliseText(t, "placements", text, Mapping{})
	if len(rejects) != 4 {
		t.Fatalf("%d rejects", len(rejects))
	}
	for i, r := range rejects {
		for _, p := range r.Problems {
			if p.Code == UnknownCode && strings.Contains(p.Message, "Sumiati") != (i == 0) {
				t.Errorf("record %d: %s", i+1, p.Message)
			}
		}
	}
}

func TestAHeaderThatIsAPersonIsNotShown(t *testing.T) {
	declared := map[string]bool{"nik": true, "negara": true}
	hidden := "column 2 (its name is not shown)"
	for _, c := range []struct{ header, want []string }{
		{[]string{"NIK", "Nama Lengkap", "Negara"}, nil},
		{[]string{"NIK", "Realisasi 2024-01-31"}, nil},
		{[]string{"Nomor", "Kebangsaan"}, nil},
		{[]string{"NIK", "3201014101900000"}, []string{"NIK", hidden}},
		{[]string{"Sumiati", "3201014101900000"}, []string{"column 1 (its name is not shown)", hidden}},
		{[]string{"Sumiati", "2024-01-31"}, []string{"column 1 (its name is not shown)", hidden}},
	} {
		if got := HideNames(c.header, declared); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.header, got, c.want)
		}
	}
}
