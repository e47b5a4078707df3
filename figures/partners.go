package figures

import (
	"context"
	"strings"
	"time"
)

// A Programme is what a partner does under one theme, as it was agreed.
type Programme struct {
	ID, Partner, Theme, Title, Unit string
	Activities                      []string // in IATI
	Started, Ended                  time.Time
	Evidence                        string
}

// A Promise is what a partner undertook at a meeting.
type Promise struct {
	ID, Meeting, Partner, Theme, Text, State string
	Met, Due, Kept                           time.Time // Kept is zero while it is not
}

// Programmes lists the partners' programmes. A release without them has none.
func (r *Release) Programmes(ctx context.Context) ([]Programme, error) {
	rows, err := r.partnerRows(ctx, "fct_partner_programmes", "the partners' programmes", "started_on, programme_id, theme")
	var all []Programme
	for _, row := range rows {
		all = append(all, Programme{ID: row.text("programme_id"), Partner: row.text("partner"), Theme: row.text("theme"), Title: row.text("title"),
			Unit: row.text("unit"), Activities: strings.Fields(strings.ReplaceAll(row.text("iati_activities"), ";", " ")),
			Started: row.day("started_on"), Ended: row.day("ended_on"), Evidence: row.text("evidence")})
	}
	return all, err
}

// Promises lists what partners undertook. A release without them has none.
func (r *Release) Promises(ctx context.Context) ([]Promise, error) {
	rows, err := r.partnerRows(ctx, "fct_cooperation_commitments", "the partners' commitments", "met_on, commitment_id")
	var all []Promise
	for _, row := range rows {
		all = append(all, Promise{ID: row.text("commitment_id"), Meeting: row.text("meeting"), Partner: row.text("partner"), Theme: row.text("theme"),
			Text: row.text("promise"), State: row.text("state"), Met: row.day("met_on"), Due: row.day("due_on"), Kept: row.day("kept_on")})
	}
	return all, err
}

func (r *Release) partnerRows(ctx context.Context, table, what, order string) ([]record, error) {
	known, err := records(ctx, r.db, "the tables of the release", "select table_name from duckdb_tables() where schema_name = 'main' and table_name = ?", table)
	if err != nil || len(known) == 0 {
		return nil, err
	}
	return records(ctx, r.db, what+" ("+table+")", "select * from "+table+" order by "+order)
}

// day is a column of dates; NULL is the zero day.
func (r record) day(name string) time.Time {
	at, _ := r[name].(time.Time)
	return at
}
