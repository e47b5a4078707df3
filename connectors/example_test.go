package connectors_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/kp2mi/lindung/connectors"
)

// Settings come from a feed's YAML; here they are filled in by hand. The position
// of the last object makes the next pull go on where this one ended.
func Example() {
	dir, _ := os.MkdirTemp("", "project")
	defer os.RemoveAll(dir)
	_ = os.Mkdir(filepath.Join(dir, "inbox"), 0o755)
	_ = os.WriteFile(filepath.Join(dir, "inbox", "unit.csv"), []byte("id\n1\n"), 0o644)

	kind, _ := connectors.Lookup("files")
	settings := kind.New().(*connectors.Files)
	settings.Path = "inbox"
	connector, err := settings.Connect(connectors.Env{Dir: dir})
	if err != nil {
		fmt.Println(err)
		return
	}
	request := connectors.Request{Now: time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)}
	for range 2 {
		objects := 0
		for object, err := range connector.Pull(context.Background(), request) {
			if err != nil {
				fmt.Println(err)
				return
			}
			text, _ := io.ReadAll(object.Body)
			fmt.Printf("%s: %s %d bytes\n", object.Name, object.MediaType, len(text))
			objects++
			request.Position = object.Position
		}
		fmt.Println(objects, "objects")
	}
	// Output:
	// unit.csv: text/csv 5 bytes
	// 1 objects
	// 0 objects
}
