package connectors

import (
	"errors"
	"iter"
)

// errEnough says that the reader wants no more objects.
var errEnough = errors.New("enough")

// objectsOf makes of one pull what Pull gives: its objects and, last, its error.
func objectsOf(pull func(yield func(*Object) bool) error) iter.Seq2[*Object, error] {
	return func(yield func(*Object, error) bool) {
		err := pull(func(o *Object) bool {
			more := yield(o, nil)
			_ = o.Body.Close() // a reader that forgot must not hold a connection or a file
			return more
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(nil, err)
		}
	}
}
