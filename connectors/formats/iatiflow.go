package formats

import (
	"fmt"
	"strconv"
)

// The kinds of flows, as in iatiActivity.counts.
const (
	iatiTransaction = iota
	iatiBudget
	iatiPlanned
)

var iatiFlowKinds = [...]string{"transaction", "budget", "planned_disbursement"}

// What a place has room for.
const (
	iatiMaxFlows      = 1 << 20
	iatiMaxRecipients = 1 << 12
)

// An iatiFlow is a transaction, a budget or a planned disbursement.
type iatiFlow struct {
	kind, number                    int
	ref, code, status, humanitarian string
	day, start, end                 string
	value, currency, valueDate      string
	provider, receiver              iatiOrg
	recipients, sectors             []iatiPart
	flowType, aidType, finance      string
}

// flow reads one flow, whose element has started, to its end.
func (d *iatiDecoder) flow(name string) error {
	a := &d.act
	f := iatiFlow{}
	switch name {
	case "budget":
		f.kind = iatiBudget
	case "planned-disbursement":
		f.kind = iatiPlanned
	}
	if a.counts[f.kind]++; a.counts[f.kind] >= iatiMaxFlows {
		return fmt.Errorf("it has more than %d of the kind %s, which no activity has", iatiMaxFlows, iatiFlowKinds[f.kind])
	}
	f.number = a.counts[f.kind]
	var kind string
	if err := d.own(iatiAttr{"ref", &f.ref}, iatiAttr{"type", &kind}, iatiAttr{"status", &f.status}, iatiAttr{"humanitarian", &f.humanitarian}); err != nil {
		return err
	}
	if f.kind != iatiTransaction {
		f.code = kind
	}
	err := d.xml.children(func() error {
		if d.xml.foreign() {
			return d.xml.skip()
		}
		if err := d.flowElement(&f); err != nil {
			return err
		}
		return d.bounded()
	})
	a.flows = append(a.flows, f)
	return err
}

// flowElement reads one element of a flow.
func (d *iatiDecoder) flowElement(f *iatiFlow) (err error) {
	switch name := string(d.xml.name); name {
	case "transaction-type":
		err = d.code(&f.code)
	case "transaction-date":
		err = d.day(&f.day)
	case "period-start":
		err = d.day(&f.start)
	case "period-end":
		err = d.day(&f.end)
	case "value":
		err = d.value(f)
	case "provider-org":
		f.provider, err = d.party("provider-activity-id")
	case "receiver-org":
		f.receiver, err = d.party("receiver-activity-id")
	case "recipient-country", "recipient-region":
		err = d.part(&f.recipients, name == "recipient-country")
	case "sector":
		err = d.part(&f.sectors, false)
	case "flow-type":
		err = d.code(&f.flowType)
	case "finance-type":
		err = d.code(&f.finance)
	case "aid-type":
		err = d.aid(&f.aidType)
	default:
		err = d.xml.skip()
	}
	return err
}

func (d *iatiDecoder) day(into *string) error {
	text, err := d.xml.ownText("iso-date")
	if err != nil {
		return err
	}
	*into = isoDay(text)
	return d.xml.skip()
}

func (d *iatiDecoder) value(f *iatiFlow) (err error) {
	if err = d.own(iatiAttr{"currency", &f.currency}, iatiAttr{"value-date", &f.valueDate}); err != nil {
		return err
	}
	f.valueDate = isoDay(f.valueDate)
	f.value, err = d.text()
	return err
}

// party reads the organisation at one end of a flow.
func (d *iatiDecoder) party(activity string) (o iatiOrg, err error) {
	if err = d.own(iatiAttr{"ref", &o.ref}, iatiAttr{"type", &o.kind}, iatiAttr{activity, &o.activity}); err == nil {
		o.name, err = d.narrative()
	}
	return o, err
}

// iatiPlaceOf packs the place of a flow and recipient into a number, and iatiPlace
// says it in words: "activity 12, transaction 3, recipient 2".
func iatiPlaceOf(activity int64, f *iatiFlow, recipient int) int64 {
	return activity<<34 | int64(f.kind)<<32 | int64(f.number)<<12 | int64(recipient)
}

func iatiPlace(place int64) string {
	return "activity " + strconv.FormatInt(place>>34, 10) + ", " +
		[...]string{"transaction", "budget", "planned disbursement", "flow"}[place>>32&3] + " " + strconv.FormatInt(place>>12&(iatiMaxFlows-1), 10) +
		", recipient " + strconv.FormatInt(place&(iatiMaxRecipients-1), 10)
}
