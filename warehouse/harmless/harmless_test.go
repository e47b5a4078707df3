package harmless_test

import (
	"testing"

	"github.com/kp2mi/lindung/warehouse/harmless"
)

func TestTextIsNoFormula(t *testing.T) {
	for text, want := range map[string]string{"": "", "Hong Kong": "Hong Kong", "=SUM(A1)": "'=SUM(A1)", " @x": "' @x", "＝1": "'＝1", "-": "'-",
		"+1": "'+1", "\t=1": "'\t=1", "\r=1": "'\r=1", "a=1": "a=1"} {
		if got := harmless.Text(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
