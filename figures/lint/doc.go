// Package lint finds figures that contradict themselves in one publication: a
// table whose parts miss its total, a growth that is a share, a block of another
// year, two values for one thing. It reads what a reader reads (CSV, XLSX,
// Markdown and HTML tables, sentences) in Indonesian and English, and does the
// reader's sums.
//
// It owns how printed numbers are read and what they must agree with among
// themselves. It must not know the warehouse, a release or any KPI: whether a
// figure is the ministry's figure is the business of package figures. It keeps
// silent where a document leaves more than one sound reading.
package lint
