package transforms

func init() {
	register(definition[MissingMigrants, *MissingMigrants]{
		name: "missing_migrants", version: 1, key: []string{"incident_id"},
		normalise: normaliseMissingMigrants,
		period:    func(f *Fields, r *MissingMigrants) string { return f.month(r.IncidentOn) },
	})
}

// MissingMigrants is one incident in which people died or went missing on their way, as IOM's Missing
// Migrants Project records it from reports of others. Numbers are the least that is known: what is
// null nobody counted, which is not zero. An incident of several parts has a row for each; a part may
// take back what another counted (a survivor who died later), and then its number is below zero. Of the origin the project's own words are kept, because
// they may name several countries; where they name one, its code stands beside them.
type MissingMigrants struct {
	IncidentID        string  `parquet:"incident_id" lindung:"open"`
	MainID            *string `parquet:"main_id,dict" lindung:"open"`
	IncidentOn        int32   `parquet:"incident_on,date,dict" lindung:"open"`
	IncidentType      *string `parquet:"incident_type,dict" lindung:"open"`
	Region            *string `parquet:"region,dict" lindung:"open"`
	UNSDRegion        *string `parquet:"unsd_region,dict" lindung:"open"`
	Country           *string `parquet:"country,dict" lindung:"open"`
	Dead              *int64  `parquet:"dead" lindung:"open"`
	Missing           *int64  `parquet:"missing" lindung:"open"`
	Survivors         *int64  `parquet:"survivors" lindung:"open"`
	Females           *int64  `parquet:"females" lindung:"open"`
	Males             *int64  `parquet:"males" lindung:"open"`
	Children          *int64  `parquet:"children" lindung:"open"`
	RegionOfOrigin    *string `parquet:"region_of_origin,dict" lindung:"open"`
	CountryOfOrigin   *string `parquet:"country_of_origin,dict" lindung:"open"`
	OriginCountry     *string `parquet:"origin_country,dict" lindung:"open,country"`
	Cause             *string `parquet:"cause,dict" lindung:"open"`
	Location          *string `parquet:"location" lindung:"open"`
	Latitude          *int64  `parquet:"latitude,decimal(4:18)" lindung:"open"`
	Longitude         *int64  `parquet:"longitude,decimal(4:18)" lindung:"open"`
	Route             *string `parquet:"route,dict" lindung:"open"`
	InformationSource *string `parquet:"information_source" lindung:"open"`
	URLs              *string `parquet:"urls" lindung:"open"`
	SourceQuality     *int32  `parquet:"source_quality,int(16)" lindung:"open"`
	Provenance
}

func normaliseMissingMigrants(f *Fields, r *MissingMigrants) {
	r.IncidentID = f.Text("incident_id")
	r.MainID = f.LabelOpt("main_id")
	r.IncidentOn = f.Date("incident_on")
	r.IncidentType = f.LabelOpt("incident_type")
	r.Region = f.LabelOpt("region")
	r.UNSDRegion = f.LabelOpt("unsd_region")
	r.Country = f.LabelOpt("country")
	r.Dead = f.CountOpt("dead")
	r.Missing = f.ChangeOpt("missing")
	total := f.ChangeOpt("dead_and_missing")
	r.Survivors = f.ChangeOpt("survivors")
	r.Females = f.CountOpt("females")
	r.Males = f.CountOpt("males")
	r.Children = f.CountOpt("children")
	r.RegionOfOrigin = f.LabelOpt("region_of_origin")
	r.CountryOfOrigin = f.LabelOpt("country_of_origin")
	r.OriginCountry = f.CountryIfKnown("origin_country")
	r.Cause = f.LabelOpt("cause")
	r.Location = f.LabelOpt("location")
	r.Latitude = f.Degrees("latitude", 90)
	r.Longitude = f.Degrees("longitude", 180)
	r.Route = f.LabelOpt("route")
	r.InformationSource = f.LabelOpt("information_source")
	r.URLs = f.LabelOpt("urls")
	r.SourceQuality = f.IntOpt("source_quality", 1, 5)

	r.takesBack(f, "missing", r.Missing)
	r.takesBack(f, "survivors", r.Survivors)
	if total != nil && f.clean() && *total != orZero(r.Dead)+orZero(r.Missing) {
		f.Problem(CodeConflict, "dead_and_missing", "dead_and_missing: not the sum of dead and missing beside it; correct the source")
	}
	if f.clean() && (r.Latitude == nil) != (r.Longitude == nil) {
		f.Problem(CodeConflict, "latitude", "latitude, longitude: one of the two is missing; correct the source")
	}
}

// takesBack refuses a number below zero of an incident that has no other parts to take it back from.
func (r *MissingMigrants) takesBack(f *Fields, name string, n *int64) {
	if n != nil && *n < 0 && (r.MainID == nil || *r.MainID == r.IncidentID) {
		f.Problem(NegativeAmount, name, name+": below zero, and the incident has no other part that this could correct; correct the source")
	}
}

func orZero(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}
