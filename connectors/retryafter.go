package connectors

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// retryAfter reads a Retry-After header in both of its forms: seconds, and an
// HTTP date, which is counted from now, the sender's own clock where it told it.
// ok is false when there is nothing to go by.
func retryAfter(value string, now time.Time) (wait time.Duration, ok bool) {
	value = strings.TrimSpace(value)
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	return max(0, at.Sub(now)), true
}

// firstWait is the wait before the second attempt; it doubles from there.
const firstWait = time.Second

// waitBefore is how long to wait before the next attempt after the given number
// of failed ones: what the source asked for, else doubling waits, at least a
// second and at most longest. Without jitter the waits can be named; with it,
// many clients that failed together do not come back together.
func waitBefore(failed int, asked time.Duration, isAsked bool, longest time.Duration, jitter bool) time.Duration {
	wait := asked
	if !isAsked {
		wait = firstWait << min(failed-1, 16)
		if jitter {
			wait = min(wait, longest)
			wait = wait/2 + rand.N(wait/2+1)
		}
	}
	return min(max(wait, firstWait), longest)
}
