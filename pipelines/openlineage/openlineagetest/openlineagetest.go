// Package openlineagetest holds events of OpenLineage against what the standard asks, and against
// the schemas of the program's own facets, without a network. It is for tests, knows the schemas
// alone, and nothing of how events come about.
package openlineagetest

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/kp2mi/lindung/pipelines/openlineage"
)

//go:embed spec/*.json
var spec embed.FS

// A Checker checks events, one after the other.
type Checker struct {
	schemas *jsonschema.Compiler
	keys    map[string]string // address of a facet's definition → the key that it stands under
}

// NewChecker reads the schemas.
func NewChecker() (*Checker, error) {
	c := &Checker{schemas: jsonschema.NewCompiler(), keys: map[string]string{}}
	c.schemas.AssertFormat()
	c.schemas.UseLoader(jsonschema.SchemeURLLoader{}) // nothing is fetched
	standard, err := fs.Sub(spec, "spec")
	if err != nil {
		return nil, err
	}
	return c, errors.Join(c.add(standard), c.add(openlineage.FacetSchemas()))
}

func (c *Checker) add(files fs.FS) error {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return err
	}
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		var head struct {
			ID         string `json:"$id"`
			Properties map[string]struct {
				Ref string `json:"$ref"`
			} `json:"properties"`
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err = errors.Join(err, json.Unmarshal(raw, &head)); err != nil {
			return fmt.Errorf("schema %s: %w", name, err)
		}
		if err := c.schemas.AddResource(head.ID, doc); err != nil {
			return fmt.Errorf("schema %s: %w", name, err)
		}
		for key, property := range head.Properties {
			c.keys[head.ID+property.Ref] = key
		}
	}
	return nil
}

// Check says what is wrong with one event: against the schema that it names, and each of its
// facets against the one that the facet names.
func (c *Checker) Check(line []byte) error {
	event, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
	if err != nil {
		return err
	}
	top, ok := event.(map[string]any)
	if !ok {
		return errors.New("an event is an object")
	}
	address, _ := top["schemaURL"].(string)
	if err := c.against(address, event); err != nil {
		return err
	}
	return c.facets("", "", event)
}

func (c *Checker) against(address string, what any) error {
	schema, err := c.schemas.Compile(address)
	if err != nil {
		return fmt.Errorf("it names the schema %q: %w", address, err)
	}
	return schema.Validate(what)
}

// facets checks every facet within v. parent is the key that v stands under.
func (c *Checker) facets(parent, key string, v any) (err error) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			err = errors.Join(err, c.facets(parent, key, item))
		}
	case map[string]any:
		if strings.HasSuffix(strings.ToLower(parent), "facets") {
			address, _ := v["_schemaURL"].(string)
			if c.keys[address] != key {
				err = fmt.Errorf("facet %s names a schema that is not its own: %q", key, address)
			}
			return errors.Join(err, c.against(address, v))
		}
		for inner, value := range v {
			err = errors.Join(err, c.facets(key, inner, value))
		}
	}
	return err
}
