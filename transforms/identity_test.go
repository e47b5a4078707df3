package transforms

import "testing"

func TestParseNIK(t *testing.T) {
	tests := []struct{ text, want string }{
		{"3201014101900000", "3201014101900000"},
		{" 3201-0141-0190-0000", "3201014101900000"},
		{"'3201014101900000", "3201014101900000"},
		{"3.20101E+15", NIKAsNumber},
		{"3,20101E+15", NIKAsNumber},
		{"3201014101900000.0", NIKAsNumber},
		{"3.201.014.101.900.000", NIKAsNumber},
		{"320101410190000", NIKMalformed},
		{"32010141019000000", NIKMalformed},
		{"32010141O1900000", NIKMalformed},
		{"tidak ada", NIKMalformed},
	}
	for _, tt := range tests {
		got, f := parseNIK(tt.text)
		if f.code != "" {
			got = f.code
		}
		if got != tt.want {
			t.Errorf("parseNIK(%q) = %s, want %s", tt.text, got, tt.want)
		}
	}
}

func TestCheckNIK(t *testing.T) {
	provinces := testEnv(t).Lists.provinces
	tests := []struct {
		nik, sex string
		valid    bool
		filler   bool
		why      string
	}{
		{"3201014101900000", "P", true, false, "a woman born on 1 January 1990"},
		{"3201010101900000", "L", true, false, "a man born on 1 January 1990"},
		{"3201010101900000", "", true, false, "sex unknown"},
		{"3201014101900000", "L", false, false, "day says woman"},
		{"3201010101900000", "P", false, false, "day says man"},
		{"3201013002900000", "L", false, false, "30 February"},
		{"3201012902000000", "L", true, false, "29 February 2000"},
		{"3201012902010000", "L", false, false, "29 February of neither 1901 nor 2001"},
		{"3201017201900000", "P", false, false, "day 32 of a woman"},
		{"3201010113900000", "L", false, false, "month 13"},
		{"9901010101900000", "L", false, false, "no province 99 in any vintage"},
		{"5401010101900000", "L", true, false, "East Timor, before 1999"},
		{"9701010101900000", "L", true, false, "Papua Pegunungan to BPS"},
		{"3200010101900000", "L", false, false, "regency 00"},
		{"3299010101900000", "L", false, false, "regency 99"},
		{"3201000101900000", "L", false, false, "district 00"},
		{"1111111111111111", "L", false, true, "one digit repeated"},
		{"1234567890123456", "L", false, true, "counting up"},
	}
	for _, tt := range tests {
		valid, filler := checkNIK(tt.nik, tt.sex, provinces)
		if valid != tt.valid || filler != tt.filler {
			t.Errorf("%s: checkNIK = %v %v, want %v %v", tt.why, valid, filler, tt.valid, tt.filler)
		}
	}
}

func TestParsePassport(t *testing.T) {
	tests := []struct {
		text, want string
		ok         bool
	}{
		{"X0000123", "X0000123", true},
		{"x 0000-123", "X0000123", true},
		{"XD000123", "XD000123", true},
		{"TIDAK ADA", "TIDAKADA", false},
		{"X1", "X1", false},
		{"X0000123456789", "X0000123456789", false},
	}
	for _, tt := range tests {
		if got, ok := parsePassport(tt.text); got != tt.want || ok != tt.ok {
			t.Errorf("parsePassport(%q) = %q %v, want %q %v", tt.text, got, ok, tt.want, tt.ok)
		}
	}
}

func FuzzNIK(f *testing.F) {
	for _, seed := range []string{"3201014101900000", "3.2E+15", "0000000000000000", "'3201 0101 0190 0000", "", "９９"} {
		f.Add(seed, "L")
	}
	provinces := testEnv(f).Lists.provinces
	f.Fuzz(func(t *testing.T, text, sex string) {
		nik, why := parseNIK(text)
		if why.code != "" {
			return
		}
		if len(nik) != 16 || !isDigits(nik) {
			t.Fatalf("accepted %d bytes that are not 16 digits", len(nik))
		}
		if again, why := parseNIK(nik); why.code != "" || again != nik {
			t.Fatal("reading the cleaned number again gives something else")
		}
		if valid, filler := checkNIK(nik, sex, provinces); valid && filler {
			t.Fatal("a number is both valid and filler")
		}
	})
}
