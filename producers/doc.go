// Package producers owns what passes between a dataset and those who deliver to it: the proposal
// of a mapping for a source that nobody has described yet, the comparison of a description with
// what the source really sends, the form for a unit without a system of its own, the page that tells a
// producer what is expected, and the note that returns what failed.
//
// It knows the datasets (transforms) and what people read about them (configs). It must not know
// how a source is reached or decoded (connectors, formats) or what was delivered before (lake): the
// columns that it judges are handed to it. What it writes holds names of columns, codes and forms,
// never a value of a person.
package producers
