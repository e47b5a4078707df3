// Package data writes the tables of a report as data files: CSV and Parquet for each table, and
// one description of all of them in the spirit of W3C's CSV on the Web.
//
// It owns how a table becomes columns of one type each, with its marks beside them, and what is
// said about the files. It must not know figures, releases or spreadsheets.
package data
