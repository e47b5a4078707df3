package configs

import (
	"fmt"
	"io"
	"log/slog"
)

const masked = "***"

// A Secret is a setting that must never be seen. Every way of printing it gives "***"; Reveal is
// the only way to the value, and easy to search for.
type Secret string

// Reveal returns the value, for the one place that sends it.
func (s Secret) Reveal() string { return string(s) }

// String masks the secret.
func (s Secret) String() string { return masked }

// GoString masks the secret under %#v.
func (s Secret) GoString() string { return masked }

// Format masks the secret under every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, masked) }

// MarshalText masks the secret in JSON, YAML and every other text encoding.
func (s Secret) MarshalText() ([]byte, error) { return []byte(masked), nil }

// LogValue masks the secret in logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(masked) }
