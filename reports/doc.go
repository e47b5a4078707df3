// Package reports turns a release's figures into the files that people read: it joins what
// a report says (content) with those who write pages, PDF files, workbooks and data files.
//
// It owns which files a report is made of and what they are called. It must not know where
// they are kept, approved or sent.
package reports
