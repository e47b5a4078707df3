package pipelines

import (
	"strings"
	"testing"
)

// A file that was saved from ILOSTAT's data explorer: every one of its 6,234 records is a statistic but
// the three whose sex is neither male nor female, which our list does not have.
func TestCatalogueReadsARealFileOfILOSTAT(t *testing.T) {
	keys, rejects := rowsOf(t, "ilostat_earnings_file", sharedFile(t, "ilo", "EAR_4MTH_SEX_GEO_CUR_NB_A-filtered-2025-06-01.csv"))
	problems := map[string]int{}
	for _, r := range rejects {
		for _, p := range r.Problems {
			problems[p.Code+" "+p.Column+" "+p.Message]++
		}
	}
	if len(keys) != 6231 || len(rejects) != 3 || len(problems) != 1 {
		t.Errorf("%d rows, %d rejects: %v", len(keys), len(rejects), problems)
	}
	all := strings.Join(keys, "\n")
	for _, want := range []string{
		"EAR_4MTH_SEX_GEO_CUR_NB|IDN|2023||Area type: National|Currency: 2021 PPP $",
		"EAR_4MTH_SEX_GEO_CUR_NB|IDN|2023|P|Area type: Rural|Currency: 2021 PPP $",
		"EAR_4MTH_SEX_GEO_CUR_NB|BRN|2014|L|Area type: Urban|Currency: 2021 PPP $",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("there is no %s", want)
		}
	}
}

// What ILOSTAT's service answers with codes: columns by dataset, notes only where there are any.
func TestCatalogueReadsTheShapeOfILOSTAT(t *testing.T) {
	const earnings = "\xEF\xBB\xBF\"ref_area\",\"source\",\"indicator\",\"sex\",\"classif1\",\"classif2\",\"time\",\"obs_value\",\"obs_status\",\"note_classif\",\"note_indicator\",\"note_source\"\n" +
		"\"IDN\",\"BA:530\",\"EAR_4MTH_SEX_ECO_CUR_NB\",\"SEX_T\",\"ECO_ISIC4_T\",\"CUR_TYPE_LCU\",\"2024\",1234567.891,,,\"T30:123\",\"R1:3513_T2:85\"\n" +
		"\"HKG\",\"BA:1\",\"EAR_4MTH_SEX_ECO_CUR_NB\",\"SEX_F\",\"ECO_AGGREGATE_TOTAL\",\"CUR_TYPE_USD\",\"2024\",,\"U\",,,\n" +
		"\"X01\",\"XA:1909\",\"EAR_4MTH_SEX_ECO_CUR_NB\",\"SEX_T\",\"ECO_AGGREGATE_TOTAL\",\"CUR_TYPE_USD\",\"2024\",1,,,,\n"
	keys, rejects := rowsOf(t, "ilostat_earnings", []byte(earnings))
	if strings.Join(keys, " ") != "EAR_4MTH_SEX_ECO_CUR_NB|IDN|2024||ECO_ISIC4_T|CUR_TYPE_LCU EAR_4MTH_SEX_ECO_CUR_NB|HKG|2024|P|ECO_AGGREGATE_TOTAL|CUR_TYPE_USD" ||
		len(rejects) != 1 || len(rejects[0].Problems) != 1 || rejects[0].Problems[0].Column != "area" {
		t.Errorf("rows %q, rejects %v", keys, rejects)
	}
	const injuries = "\"ref_area\",\"source\",\"indicator\",\"sex\",\"classif1\",\"time\",\"obs_value\",\"note_source\"\n\"MYS\",\"FA:1\",\"SDG_F881_SEX_MIG_RT\",\"SEX_M\",\"MIG_STATUS_MIGRANT\",\"2020\",3.4,\"S9:259\"\n"
	if keys, rejects := rowsOf(t, "ilostat_safe_work", []byte(injuries)); len(rejects) > 0 || strings.Join(keys, " ") != "SDG_F881_SEX_MIG_RT|MYS|2020|L|MIG_STATUS_MIGRANT" {
		t.Errorf("rows %q, rejects %v", keys, rejects)
	}
	const rights = "\"ref_area\",\"source\",\"indicator\",\"time\",\"obs_value\"\n\"SAU\",\"XA:1\",\"SDG_0882_NOC_RT\",\"2022\",10\n"
	if keys, rejects := rowsOf(t, "ilostat_labour_rights", []byte(rights)); len(rejects) > 0 || strings.Join(keys, " ") != "SDG_0882_NOC_RT|SAU|2022" {
		t.Errorf("rows %q, rejects %v", keys, rejects)
	}
}

// The recorded answer of the ILO's SDMX service becomes statistics.
func TestCatalogueReadsARecordedAnswerOfTheILO(t *testing.T) {
	keys, rejects := rowsOf(t, "ilostat_unemployment", sharedFile(t, "ilo", "sdmx_probe-UNE_DEAP_SEX_AGE_RT.csv"))
	if len(rejects) > 0 || strings.Join(keys, " ") != "UNE_DEAP_SEX_AGE_RT|ABW|2011||AGE_YTHADULT_YGE15 UNE_DEAP_SEX_AGE_RT|ABW|2011|L|AGE_YTHADULT_YGE15" {
		t.Errorf("rows %q, rejects %v", keys, rejects)
	}
}
