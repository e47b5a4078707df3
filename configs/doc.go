// Package configs owns everything about a project that people write down: the project file
// lindung.yaml, the sources with their feeds, the definitions of the datasets and the reference
// lists. It reads YAML strictly, keeps the place of every key, and reports all mistakes of all
// files at once, each with file, line, column and remedy.
//
// The exported types are the declaration: their tags hold the key, whether it is required, what
// values it may have and what it means. The loader, the JSON Schema for editors and the starting
// project that a newcomer gets are all held to that one declaration by tests.
//
// Nothing in YAML computes. A value is a name, a number, a text or a reference to a secret
// (${env:NAME}, ${file:PATH}), and references are resolved in Section.Decode and nowhere else.
//
// Must not know: which connectors, formats and datasets exist. It is told their names and
// settings through Options.
package configs
