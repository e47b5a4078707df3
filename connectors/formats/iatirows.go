package formats

import (
	"fmt"
	"strconv"
	"strings"
)

// iatiActivityHeader are the columns of a record that is an activity.
var iatiActivityHeader = []string{
	"iati_identifier", "reporting_org_ref", "reporting_org_type", "reporting_org", "secondary_reporter",
	"title", "title_language", "title_en", "title_id", "activity_status", "planned_start", "actual_start", "planned_end", "actual_end",
	"hierarchy", "parent_activities", "child_activities", "humanitarian", "default_currency", "default_language",
	"funding_orgs", "accountable_orgs", "extending_orgs", "implementing_orgs",
	"recipient_countries", "recipient_regions", "recipients", "sectors", "sectors_check",
	"collaboration_type", "default_flow_type", "default_finance_type", "default_aid_type",
	"transactions", "budgets", "planned_disbursements", "last_updated", "iati_version",
}

// iatiFlowHeader are the columns of a record that is a flow and recipient.
var iatiFlowHeader = []string{
	"iati_identifier", "reporting_org_ref", "reporting_org_type", "secondary_reporter", "hierarchy", "parent_activities", "child_activities",
	"flow_kind", "flow_no", "flow_ref", "transaction_type", "budget_type", "budget_status", "humanitarian",
	"flow_date", "period_start", "period_end", "value", "currency", "value_date",
	"provider_org_ref", "provider_org", "provider_activity_id", "receiver_org_ref", "receiver_org", "receiver_activity_id",
	"recipient_no", "recipient_country", "recipient_region", "recipient_vocabulary", "recipient_percentage", "recipients", "recipients_from",
	"sectors", "sectors_check", "sectors_from", "flow_type", "finance_type", "aid_type",
}

// put appends a cell of the record at hand; one over the limit is empty and a fault.
func (d *iatiDecoder) put(texts ...string) {
	for _, text := range texts {
		if len(text) > MaxCell {
			d.long, text = true, ""
		}
		d.rows.cell([]byte(text))
	}
}

func (d *iatiDecoder) endRecord(place int64) error {
	if d.rows.total() == d.settings.MaxRows {
		return fmt.Errorf("more than max_rows (%d) records: raise the limit or select fewer activities", d.settings.MaxRows)
	}
	problem := fault{}
	if d.long {
		problem = fault{TooLongCell, fmt.Sprintf("a cell is longer than %d bytes; correct the source", MaxCell)}
		d.long = false
	}
	d.rows.endRow(place, problem)
	if d.rows.full() {
		return d.flush()
	}
	return nil
}

// list joins texts; what parts them may not stand inside one.
func list(texts []string) string {
	for i, t := range texts {
		texts[i] = strings.ReplaceAll(t, ";", ",")
	}
	return strings.Join(texts, "; ")
}

// withRole are the organisations in a role. Version 1.0x called roles by words.
func (a *iatiActivity) withRole(number, word string) string {
	var found []string
	for _, o := range a.orgs {
		if (o.role == number || strings.EqualFold(o.role, word)) && o.label() != "" {
			found = append(found, o.label())
		}
	}
	return list(found)
}

// title is the first title in a language; "" stands for the language of the activity
// or, where it has no title in it, of the first one.
func (a *iatiActivity) title(language string) iatiText {
	wanted := language
	if wanted == "" {
		wanted = a.language
	}
	for _, t := range a.titles {
		if t.language == wanted {
			return t
		}
	}
	if language == "" && len(a.titles) > 0 {
		return a.titles[0]
	}
	return iatiText{}
}

func (d *iatiDecoder) activityRecord() error {
	a := &d.act
	var countries, regions []iatiPart
	for _, p := range a.recipients {
		if p.country {
			countries = append(countries, p)
		} else {
			regions = append(regions, p)
		}
	}
	title := a.title("")
	d.put(a.identifier, a.reporter, a.reporterType, a.reporterName, a.secondhand)
	d.put(title.text, title.language, a.title("en").text, a.title("id").text, a.status)
	d.put(a.dates[:]...)
	d.put(a.hierarchy, list(a.parents), list(a.children), a.humanitarian, a.currency, a.language)
	d.put(a.withRole("1", "funding"), a.withRole("2", "accountable"), a.withRole("3", "extending"), a.withRole("4", "implementing"))
	d.put(labels(countries), labels(regions), a.recipientsCheck, labels(a.sectors), a.sectorsCheck)
	d.put(a.collaboration, a.flowType, a.finance, a.aidType)
	for _, n := range a.counts {
		d.put(strconv.Itoa(n))
	}
	d.put(a.updated, a.version)
	return d.endRecord(d.number)
}

func (d *iatiDecoder) flowRecords() error {
	for i := range d.act.flows {
		if err := d.flowRecord(&d.act.flows[i]); err != nil {
			return err
		}
	}
	return nil
}

// flowRecord yields a flow, once for each of its recipients.
func (d *iatiDecoder) flowRecord(f *iatiFlow) error {
	a := &d.act
	recipients, check, from := a.recipients, a.recipientsCheck, "activity"
	if len(f.recipients) > 0 {
		recipients, from = oneVocabulary(f.recipients), "flow"
		check = checkParts(recipients)
	}
	if len(recipients) == 0 {
		recipients, from = []iatiPart{{}}, ""
	}
	if len(recipients) >= iatiMaxRecipients {
		return fmt.Errorf("activity %d, %s %d: more than %d recipients, which no flow has", d.number, iatiFlowKinds[f.kind], f.number, iatiMaxRecipients)
	}
	for i, p := range recipients {
		d.flowCells(f)
		d.put(strconv.Itoa(i + 1))
		if p.country {
			d.put(p.code, "", "")
		} else {
			d.put("", p.code, p.vocabulary)
		}
		d.put(p.percentage, check, from)
		d.flowNature(f)
		if err := d.endRecord(iatiPlaceOf(d.number, f, i+1)); err != nil {
			return err
		}
	}
	return nil
}

// flowCells puts what a flow says before its recipients.
func (d *iatiDecoder) flowCells(f *iatiFlow) {
	a := &d.act
	kind, budget, day := f.code, "", f.day
	if f.kind != iatiTransaction {
		kind, budget, day = "", f.code, f.start
	}
	d.put(a.identifier, a.reporter, a.reporterType, a.secondhand, a.hierarchy, list(a.parents), list(a.children))
	d.put(iatiFlowKinds[f.kind], strconv.Itoa(f.number), f.ref, kind, budget, f.status, first(f.humanitarian, a.humanitarian))
	d.put(day, f.start, f.end, f.value, first(f.currency, a.currency), f.valueDate)
	d.put(f.provider.ref, f.provider.name, f.provider.activity, f.receiver.ref, f.receiver.name, f.receiver.activity)
}

// flowNature puts what a flow says after its recipients, or its activity for it.
func (d *iatiDecoder) flowNature(f *iatiFlow) {
	a := &d.act
	sectors, check, from := a.sectors, a.sectorsCheck, "activity"
	if len(f.sectors) > 0 {
		sectors, check, from = f.sectors, checkParts(dacSectors(f.sectors)), "flow"
	}
	if len(sectors) == 0 {
		from = ""
	}
	d.put(labels(sectors), check, from, first(f.flowType, a.flowType), first(f.finance, a.finance), first(f.aidType, a.aidType))
}

// first is the first text that is not empty.
func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
