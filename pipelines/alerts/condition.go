package alerts

import (
	"slices"

	"github.com/kp2mi/lindung/configs"
)

// The kinds of conditions.
const (
	FeedFailed          = "feed_failed"          // a feed's newest run failed, after its retries
	RunFailed           = "run_failed"           // a scheduled job that is about no feed failed
	BuildFailed         = "build_failed"         // what was committed could not be built
	ReleaseWithheld     = "release_withheld"     // a check kept a release from being published
	ReleaseBehind       = "release_behind"       // what was committed waits too long for a release
	DeliveryWithheld    = "withheld"             // a quality gate kept a delivery out
	Late                = "late"                 // a delivery has not come
	Volume              = "volume"               // a delivery is unusually small or large
	DiskLow             = "disk_low"             // there is little free space
	TargetUnreachable   = "target_unreachable"   // a place that releases are copied to lacks the newest
	Undeliverable       = "undeliverable"        // a channel takes no messages
	LetterUndeliverable = "letter_undeliverable" // mail to a producer does not arrive
	HeartbeatFailed     = "heartbeat_failed"     // the address that watches this machine does not answer
	Unreadable          = "unreadable"           // a part of the installation cannot be looked at
)

// The severities.
const (
	Info     = "info"
	Warning  = "warning"
	Error    = "error"
	Critical = "critical"
)

// A Condition is something that holds at present and that somebody should know.
type Condition struct {
	Kind     string `json:"kind"`
	Subject  string `json:"subject"`
	Party    string `json:"party,omitempty"` // conditions of one kind and party are told together
	Severity string `json:"severity"`
	TextID   string `json:"text_id"`
	TextEN   string `json:"text_en"`
	Command  string `json:"command"` // shows more, or mends it
	// Tentative says that it is not settled yet, such as a failure that is being tried again: it keeps
	// what was told from ending, and begins nothing.
	Tentative bool `json:"tentative,omitempty"`
	// Held says that it is written down and not told yet, because somebody else was told first.
	Held bool `json:"held,omitempty"`
}

// Key is what people call a condition by.
func (c Condition) Key() string { return c.Kind + "/" + c.Subject }

// takes says whether a channel is told of a kind of condition. A channel that takes no messages is not told so.
func takes(c *configs.Channel, kind, subject, severity string) bool {
	return slices.Index(configs.Severities, severity) >= slices.Index(configs.Severities, c.Severity) &&
		(len(c.Kinds) == 0 || slices.Contains(c.Kinds, kind)) &&
		!(kind == Undeliverable && subject == c.Name)
}
