package connectors

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A Kind is one kind of connector: what a feed names in `connector.kind`.
type Kind struct {
	Name    string
	Summary string
	// New returns settings with the defaults filled in; YAML is decoded over them.
	New func() Settings
}

var registry struct {
	sync.RWMutex
	kinds map[string]Kind
}

// Register makes a kind known. It is called from init by the file that owns the
// kind and panics on a duplicate or half-filled kind: both are slips of the
// programmer that must not wait for a feed to show.
func Register(k Kind) {
	registry.Lock()
	defer registry.Unlock()
	if k.Name == "" || k.Summary == "" || k.New == nil {
		panic(fmt.Sprintf("registering connector kind %q: name, summary and New are all needed", k.Name))
	}
	if _, ok := registry.kinds[k.Name]; ok {
		panic(fmt.Sprintf("registering connector kind %q: the name is taken", k.Name))
	}
	if registry.kinds == nil {
		registry.kinds = map[string]Kind{}
	}
	registry.kinds[k.Name] = k
}

// Lookup finds a kind by name.
func Lookup(name string) (Kind, bool) {
	registry.RLock()
	defer registry.RUnlock()
	k, ok := registry.kinds[name]
	return k, ok
}

// Kinds lists all kinds by name.
func Kinds() []Kind {
	registry.RLock()
	defer registry.RUnlock()
	kinds := make([]Kind, 0, len(registry.kinds))
	for _, k := range registry.kinds {
		kinds = append(kinds, k)
	}
	slices.SortFunc(kinds, func(a, b Kind) int { return strings.Compare(a.Name, b.Name) })
	return kinds
}
