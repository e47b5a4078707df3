// Package tables takes the tables out of a document, for the writers of sheets and data
// files: the tables among its blocks, those behind its charts, and its headline KPIs as one.
//
// It owns what a table on its own must be (no cell without something in it, each row as
// wide as the head, each name once), which of its columns carry marks, and the words that
// such files have in common. It must not know workbooks, CSV or Parquet.
package tables
