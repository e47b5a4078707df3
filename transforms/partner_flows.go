package transforms

func init() {
	register(definition[PartnerFlow, *PartnerFlow]{
		name: "partner_flows", version: 1, key: []string{"reporting_org_ref", "iati_identifier", "flow_kind", "flow_no", "recipient_no"},
		normalise: normalisePartnerFlow,
		period:    func(f *Fields, r *PartnerFlow) string { return f.month(r.FlowDate) },
	})
}

// PartnerFlow is one transaction, budget or planned disbursement of a PartnerActivity, for one of the
// countries or regions that it goes to. Value is the whole amount of the flow in its own currency, the
// same in each of its rows; RecipientPercentage is this recipient's part, as far as Recipients says that
// it can be relied on. An amount may be below zero: that takes an earlier one back.
//
// Flows have no numbers of their own: FlowNo is the place among the flows of its kind in its activity.
type PartnerFlow struct {
	IATIIdentifier      string  `parquet:"iati_identifier,dict" lindung:"open"`
	ReportingOrgRef     string  `parquet:"reporting_org_ref,dict" lindung:"open"`
	ReportingOrgType    *string `parquet:"reporting_org_type,dict" lindung:"open,iati_organisation_type"`
	SecondaryReporter   *bool   `parquet:"secondary_reporter" lindung:"open"`
	Hierarchy           *int32  `parquet:"hierarchy,int(16)" lindung:"open"`
	ParentActivities    *string `parquet:"parent_activities,dict" lindung:"open"`
	ChildActivities     *string `parquet:"child_activities,dict" lindung:"open"`
	FlowKind            string  `parquet:"flow_kind,dict" lindung:"open,iati_flow_kind"`
	FlowNo              int32   `parquet:"flow_no" lindung:"open"`
	FlowRef             *string `parquet:"flow_ref" lindung:"open"`
	TransactionType     *string `parquet:"transaction_type,dict" lindung:"open,iati_transaction_type"`
	BudgetType          *string `parquet:"budget_type,dict" lindung:"open,iati_budget_type"`
	BudgetStatus        *string `parquet:"budget_status,dict" lindung:"open,iati_budget_status"`
	Humanitarian        *bool   `parquet:"humanitarian" lindung:"open"`
	FlowDate            int32   `parquet:"flow_date,date" lindung:"open"`
	PeriodEnd           *int32  `parquet:"period_end,date" lindung:"open"`
	Value               int64   `parquet:"value,decimal(2:18)" lindung:"open"`
	Currency            *string `parquet:"currency,dict" lindung:"open,currency"`
	ValueDate           *int32  `parquet:"value_date,date" lindung:"open"`
	ProviderOrgRef      *string `parquet:"provider_org_ref,dict" lindung:"open"`
	ProviderOrg         *string `parquet:"provider_org,dict" lindung:"open"`
	ProviderActivityID  *string `parquet:"provider_activity_id,dict" lindung:"open"`
	ReceiverOrgRef      *string `parquet:"receiver_org_ref,dict" lindung:"open"`
	ReceiverOrg         *string `parquet:"receiver_org,dict" lindung:"open"`
	ReceiverActivityID  *string `parquet:"receiver_activity_id,dict" lindung:"open"`
	RecipientNo         int32   `parquet:"recipient_no" lindung:"open"`
	RecipientCountry    *string `parquet:"recipient_country,dict" lindung:"open,country"`
	RecipientRegion     *string `parquet:"recipient_region,dict" lindung:"open"`
	RecipientVocabulary *string `parquet:"recipient_vocabulary,dict" lindung:"open"`
	RecipientPercentage *int64  `parquet:"recipient_percentage,decimal(4:18)" lindung:"open"`
	Recipients          string  `parquet:"recipients,dict" lindung:"open,iati_parts"`
	RecipientsFrom      *string `parquet:"recipients_from,dict" lindung:"open"`
	Sectors             *string `parquet:"sectors,dict" lindung:"open"`
	SectorsCheck        string  `parquet:"sectors_check,dict" lindung:"open,iati_parts"`
	SectorsFrom         *string `parquet:"sectors_from,dict" lindung:"open"`
	FlowType            *string `parquet:"flow_type,dict" lindung:"open"`
	FinanceType         *string `parquet:"finance_type,dict" lindung:"open"`
	AidType             *string `parquet:"aid_type,dict" lindung:"open"`
	Provenance
}

func normalisePartnerFlow(f *Fields, r *PartnerFlow) {
	r.IATIIdentifier = f.Text("iati_identifier")
	r.ReportingOrgRef = f.Text("reporting_org_ref")
	r.ReportingOrgType = f.CodeOpt("reporting_org_type", "iati_organisation_type")
	r.SecondaryReporter = f.Bool("secondary_reporter")
	r.Hierarchy = f.IntOpt("hierarchy", 0, 99)
	r.ParentActivities = f.LabelOpt("parent_activities")
	r.ChildActivities = f.LabelOpt("child_activities")
	r.FlowKind = f.Code("flow_kind", "iati_flow_kind")
	r.FlowNo = f.Int("flow_no", 1, 1<<20)
	r.FlowRef = f.LabelOpt("flow_ref")
	r.TransactionType = f.CodeIf("transaction_type", "iati_transaction_type", r.FlowKind == "transaction")
	r.BudgetType = f.CodeOpt("budget_type", "iati_budget_type")
	r.BudgetStatus = f.CodeOpt("budget_status", "iati_budget_status")
	r.Humanitarian = f.Bool("humanitarian")
	r.FlowDate = f.Date("flow_date")
	r.PeriodEnd = f.DateOpt("period_end")
	r.Value = f.Amount("value")
	r.Currency = f.Currency("currency", true)
	r.ValueDate = f.DateOpt("value_date")
	r.ProviderOrgRef = f.LabelOpt("provider_org_ref")
	r.ProviderOrg = f.LabelOpt("provider_org")
	r.ProviderActivityID = f.LabelOpt("provider_activity_id")
	r.ReceiverOrgRef = f.LabelOpt("receiver_org_ref")
	r.ReceiverOrg = f.LabelOpt("receiver_org")
	r.ReceiverActivityID = f.LabelOpt("receiver_activity_id")
	r.RecipientNo = f.Int("recipient_no", 1, 1<<12)
	r.RecipientCountry = f.CountryOpt("recipient_country")
	r.RecipientRegion = f.LabelOpt("recipient_region")
	r.RecipientVocabulary = f.LabelOpt("recipient_vocabulary")
	r.RecipientPercentage = f.PartOpt("recipient_percentage")
	r.Recipients = f.Code("recipients", "iati_parts")
	r.RecipientsFrom = f.LabelOpt("recipients_from")
	r.Sectors = f.LabelOpt("sectors")
	r.SectorsCheck = f.Code("sectors_check", "iati_parts")
	r.SectorsFrom = f.LabelOpt("sectors_from")
	r.FlowType = f.LabelOpt("flow_type")
	r.FinanceType = f.LabelOpt("finance_type")
	r.AidType = f.LabelOpt("aid_type")
}
