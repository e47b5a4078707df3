package configs

import (
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// schema is one JSON Schema; encoding/json sorts its keys, so equal declarations give equal bytes.
type schema map[string]any

const schemaDialect = "https://json-schema.org/draft/2020-12/schema"

// ProjectSchema is the JSON Schema of lindung.yaml, made from its declaration.
func ProjectSchema() []byte {
	var defaults projectFile
	defaults.setDefaults()
	open := schemer{sections: map[reflect.Type]schema{reflect.TypeFor[StoreSection](): {"type": "object"}}}
	open.sections[reflect.TypeFor[Sealed[Webhook]]()] = open.object(reflect.ValueOf(defaultsOf[Webhook]()))
	open.sections[reflect.TypeFor[Sealed[Email]]()] = open.object(reflect.ValueOf(defaultsOf[Email]()))
	open.sections[reflect.TypeFor[Sealed[Heartbeat]]()] = open.object(reflect.ValueOf(defaultsOf[Heartbeat]()))
	open.sections[reflect.TypeFor[Sealed[Lineage]]()] = open.object(reflect.ValueOf(defaultsOf[Lineage]()))
	return render("Lindung project", open.object(reflect.ValueOf(defaults)))
}

// SourceSchema is the JSON Schema of a source file, made from its declaration. With the kinds of
// connectors, formats and layers to unpack it describes their settings too; without, it leaves them open.
func SourceSchema(connectors, formats, unpack Kinds) []byte {
	s := schemer{sections: map[reflect.Type]schema{
		reflect.TypeFor[Section]():    {},
		reflect.TypeFor[FormatRule](): {},
	}}
	s.sections[reflect.TypeFor[Section]()] = s.section(connectors, nil)
	s.sections[reflect.TypeFor[FormatRule]()] = s.section(formats, schema{
		"match":  schema{"type": "string", "minLength": 1, "description": "File pattern, such as \"*.xlsx\". Left out: every object."},
		"unpack": schema{"type": "array", "minItems": 1, "items": s.section(unpack, nil), "description": "What an object is packed in, the outermost layer first: gzip, zstd, zip, age."},
	})
	return render("Lindung source", s.object(reflect.ValueOf(Source{})))
}

func render(title string, s schema) []byte {
	s["$schema"], s["title"] = schemaDialect, title
	raw, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		panic(fmt.Sprintf("a declaration that JSON cannot hold: %v", err))
	}
	return append(raw, '\n')
}

// schemer turns declarations into schemas.
type schemer struct {
	sections map[reflect.Type]schema
}

// object describes a struct. Its present values are the defaults.
func (s schemer) object(v reflect.Value) schema {
	properties, required := schema{}, []string{}
	for _, f := range fieldsOf(v.Type()) {
		p := s.value(f, v.FieldByIndex(f.index))
		if f.doc != "" {
			p["description"] = f.doc
		}
		properties[f.key] = p
		if f.need {
			required = append(required, f.key)
		}
	}
	out := schema{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

func (s schemer) value(f field, v reflect.Value) schema {
	t := f.typ
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if section, ok := s.sections[t]; ok {
		return maps.Clone(section)
	}
	switch {
	case t == durationType:
		return schema{"type": []string{"string", "integer"}, "pattern": durationPattern, "minimum": 0, "maximum": 0, "examples": []string{"90s", "48h", "30d"}}
	case t == timeType:
		return schema{"type": "string", "format": "date-time"}
	case t == sizeType:
		return withDefault(schema{"type": []string{"string", "integer"}, "pattern": sizePattern, "examples": []string{"512MiB", "2GiB"}}, v)
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return schema{"type": []string{"string", "number", "boolean"}}
	}
	switch t.Kind() {
	case reflect.Struct:
		if v.Kind() == reflect.Struct {
			return s.object(v)
		}
		return s.object(reflect.Zero(t))
	case reflect.Slice:
		return s.slice(f, t)
	case reflect.Map:
		inner := field{typ: t.Elem(), like: f.like, one: f.one}
		return schema{"type": "object", "additionalProperties": s.value(inner, reflect.Value{})}
	case reflect.String:
		return withDefault(s.text(f), v)
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.Interface:
		return schema{}
	}
	return withDefault(s.number(f, t), v)
}

func (s schemer) slice(f field, t reflect.Type) schema {
	if f.named {
		element := t.Elem()
		if element.Kind() == reflect.Pointer {
			element = element.Elem()
		}
		fresh := reflect.New(element)
		if own, ok := fresh.Interface().(defaulter); ok {
			own.setDefaults()
		}
		return schema{"type": "object", "minProperties": 1, "additionalProperties": s.object(fresh.Elem()),
			"propertyNames": schema{"pattern": forms["name"].pattern}}
	}
	out := schema{"type": "array", "items": s.value(field{typ: t.Elem(), like: f.like, one: f.one}, reflect.Value{})}
	if f.need {
		out["minItems"] = 1
	}
	return out
}

// text allows a number or true where the loader takes it as it is written.
func (s schemer) text(f field) schema {
	if f.one != nil {
		allowed := []any{}
		for _, o := range f.one {
			allowed = append(allowed, o)
			if n, err := strconv.Atoi(o); err == nil {
				allowed = append(allowed, n)
			}
		}
		return schema{"enum": allowed}
	}
	out := schema{"type": []string{"string", "number", "boolean"}}
	if form, ok := forms[f.like]; ok {
		out["pattern"] = form.pattern
		if strings.HasPrefix(form.pattern, "^") {
			out["type"] = "string"
		}
	}
	return out
}

func (s schemer) number(f field, t reflect.Type) schema {
	out := schema{"type": "integer"}
	switch {
	case t.Kind() == reflect.Float64 || t.Kind() == reflect.Float32:
		out["type"] = "number"
	case strings.HasSuffix(f.key, "_bytes"):
		out = schema{"type": []string{"string", "integer"}, "pattern": sizePattern}
	}
	if low, err := strconv.ParseFloat(f.min, 64); err == nil {
		out["minimum"] = low
	}
	if high, err := strconv.ParseFloat(f.max, 64); err == nil {
		out["maximum"] = high
	}
	return out
}

func withDefault(s schema, v reflect.Value) schema {
	if !v.IsValid() || v.IsZero() || v.Kind() == reflect.Pointer {
		return s
	}
	s["default"] = v.Interface()
	if size, ok := v.Interface().(Size); ok {
		s["default"] = size.String()
	}
	return s
}

// section describes a section: per kind its settings, or anything when no kinds are known.
func (s schemer) section(kinds Kinds, own schema) schema {
	properties := schema{"kind": schema{"type": "string", "minLength": 1}}
	maps.Copy(properties, own)
	out := schema{"type": "object", "required": []string{"kind"}, "properties": properties}
	if len(kinds) == 0 {
		return out
	}
	names := slices.Sorted(maps.Keys(kinds))
	properties["kind"] = schema{"enum": names}
	var perKind []schema
	for _, name := range names {
		settings := reflect.ValueOf(kinds[name]()).Elem()
		object := s.object(settings)
		inner := object["properties"].(schema)
		inner["kind"] = schema{"const": name}
		maps.Copy(inner, own)
		perKind = append(perKind, schema{
			"if":   schema{"properties": schema{"kind": schema{"const": name}}},
			"then": object,
		})
	}
	out["allOf"] = perKind
	return out
}
