package transforms

func init() {
	register(definition[PartnerActivity, *PartnerActivity]{
		name: "partner_activities", version: 1, key: []string{"reporting_org_ref", "iati_identifier"},
		normalise: normalisePartnerActivity,
		// An activity is a state that lasts, not an event: it belongs to no month.
		period: func(*Fields, *PartnerActivity) string { return referencePeriod },
	})
}

// PartnerActivity is one activity that a development partner reports under the standard of the
// International Aid Transparency Initiative (IATI). Countries, regions and sectors are lists of codes
// with their parts in percent; Recipients and SectorsCheck say whether the parts can be relied on.
type PartnerActivity struct {
	IATIIdentifier       string  `parquet:"iati_identifier" lindung:"open"`
	ReportingOrgRef      string  `parquet:"reporting_org_ref,dict" lindung:"open"`
	ReportingOrgType     *string `parquet:"reporting_org_type,dict" lindung:"open,iati_organisation_type"`
	ReportingOrg         *string `parquet:"reporting_org,dict" lindung:"open"`
	SecondaryReporter    *bool   `parquet:"secondary_reporter" lindung:"open"`
	Title                *string `parquet:"title" lindung:"open"`
	TitleLanguage        *string `parquet:"title_language,dict" lindung:"open"`
	TitleEN              *string `parquet:"title_en" lindung:"open"`
	TitleID              *string `parquet:"title_id" lindung:"open"`
	ActivityStatus       *string `parquet:"activity_status,dict" lindung:"open,iati_activity_status"`
	PlannedStart         *int32  `parquet:"planned_start,date" lindung:"open"`
	ActualStart          *int32  `parquet:"actual_start,date" lindung:"open"`
	PlannedEnd           *int32  `parquet:"planned_end,date" lindung:"open"`
	ActualEnd            *int32  `parquet:"actual_end,date" lindung:"open"`
	Hierarchy            *int32  `parquet:"hierarchy,int(16)" lindung:"open"`
	ParentActivities     *string `parquet:"parent_activities" lindung:"open"`
	ChildActivities      *string `parquet:"child_activities" lindung:"open"`
	Humanitarian         *bool   `parquet:"humanitarian" lindung:"open"`
	DefaultCurrency      *string `parquet:"default_currency,dict" lindung:"open,currency"`
	FundingOrgs          *string `parquet:"funding_orgs,dict" lindung:"open"`
	AccountableOrgs      *string `parquet:"accountable_orgs,dict" lindung:"open"`
	ExtendingOrgs        *string `parquet:"extending_orgs,dict" lindung:"open"`
	ImplementingOrgs     *string `parquet:"implementing_orgs,dict" lindung:"open"`
	RecipientCountries   *string `parquet:"recipient_countries,dict" lindung:"open"`
	RecipientRegions     *string `parquet:"recipient_regions,dict" lindung:"open"`
	Recipients           string  `parquet:"recipients,dict" lindung:"open,iati_parts"`
	Sectors              *string `parquet:"sectors,dict" lindung:"open"`
	SectorsCheck         string  `parquet:"sectors_check,dict" lindung:"open,iati_parts"`
	CollaborationType    *string `parquet:"collaboration_type,dict" lindung:"open"`
	DefaultFlowType      *string `parquet:"default_flow_type,dict" lindung:"open"`
	DefaultFinanceType   *string `parquet:"default_finance_type,dict" lindung:"open"`
	DefaultAidType       *string `parquet:"default_aid_type,dict" lindung:"open"`
	Transactions         int32   `parquet:"transactions" lindung:"open"`
	Budgets              int32   `parquet:"budgets" lindung:"open"`
	PlannedDisbursements int32   `parquet:"planned_disbursements" lindung:"open"`
	LastUpdated          *int64  `parquet:"last_updated,timestamp(microsecond)" lindung:"open"`
	Provenance
}

func normalisePartnerActivity(f *Fields, r *PartnerActivity) {
	r.IATIIdentifier = f.Text("iati_identifier")
	r.ReportingOrgRef = f.Text("reporting_org_ref")
	r.ReportingOrgType = f.CodeOpt("reporting_org_type", "iati_organisation_type")
	r.ReportingOrg = f.LabelOpt("reporting_org")
	r.SecondaryReporter = f.Bool("secondary_reporter")
	r.Title = f.LabelOpt("title")
	r.TitleLanguage = f.LabelOpt("title_language")
	r.TitleEN = f.LabelOpt("title_en")
	r.TitleID = f.LabelOpt("title_id")
	r.ActivityStatus = f.CodeOpt("activity_status", "iati_activity_status")
	r.PlannedStart = f.DateOpt("planned_start")
	r.ActualStart = f.DateOpt("actual_start")
	r.PlannedEnd = f.DateOpt("planned_end")
	r.ActualEnd = f.DateOpt("actual_end")
	r.Hierarchy = f.IntOpt("hierarchy", 0, 99)
	r.ParentActivities = f.LabelOpt("parent_activities")
	r.ChildActivities = f.LabelOpt("child_activities")
	r.Humanitarian = f.Bool("humanitarian")
	r.DefaultCurrency = f.CodeOpt("default_currency", "currency")
	r.FundingOrgs = f.LabelOpt("funding_orgs")
	r.AccountableOrgs = f.LabelOpt("accountable_orgs")
	r.ExtendingOrgs = f.LabelOpt("extending_orgs")
	r.ImplementingOrgs = f.LabelOpt("implementing_orgs")
	r.RecipientCountries = f.LabelOpt("recipient_countries")
	r.RecipientRegions = f.LabelOpt("recipient_regions")
	r.Recipients = f.Code("recipients", "iati_parts")
	r.Sectors = f.LabelOpt("sectors")
	r.SectorsCheck = f.Code("sectors_check", "iati_parts")
	r.CollaborationType = f.LabelOpt("collaboration_type")
	r.DefaultFlowType = f.LabelOpt("default_flow_type")
	r.DefaultFinanceType = f.LabelOpt("default_finance_type")
	r.DefaultAidType = f.LabelOpt("default_aid_type")
	r.Transactions = f.Int("transactions", 0, 1<<20)
	r.Budgets = f.Int("budgets", 0, 1<<20)
	r.PlannedDisbursements = f.Int("planned_disbursements", 0, 1<<20)
	r.LastUpdated = f.TimestampOpt("last_updated")
}
