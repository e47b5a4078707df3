package pipelines

import (
	"time"

	"github.com/kp2mi/lindung/pipelines/ledger"
)

// An AlertState is what the ledger holds about alerts.
type AlertState struct {
	Looked    time.Time        `json:"looked,omitzero"` // when somebody looked last
	Notices   []ledger.Notice  `json:"notices"`
	Waiting   []WaitingMessage `json:"waiting_messages"`
	Heartbeat string           `json:"heartbeat_problem,omitempty"`
}

// A WaitingMessage is a message that is not delivered yet.
type WaitingMessage struct {
	Channel  string    `json:"channel"`
	Made     time.Time `json:"made"`
	Attempts int       `json:"attempts"`
	Again    time.Time `json:"again,omitzero"`
	Problem  string    `json:"problem,omitempty"`
}

// State says how alerts stand; with all, also what has ended.
func (w *Watch) State(all bool) (*AlertState, error) {
	tick, _, err := w.ledger.Mark(tickMark)
	if err != nil {
		return nil, err
	}
	beat, _, err := w.ledger.Mark(heartbeatMark)
	if err != nil {
		return nil, err
	}
	s := &AlertState{Looked: tick.At, Heartbeat: beat.Error}
	book, err := w.ledger.Notices()
	if err != nil {
		return nil, err
	}
	for _, n := range book {
		if all || n.Open() {
			s.Notices = append(s.Notices, n)
		}
	}
	waiting, err := w.ledger.Undelivered()
	for _, m := range waiting {
		s.Waiting = append(s.Waiting, WaitingMessage{Channel: m.Channel, Made: m.Made, Attempts: m.Attempts, Again: m.NotBefore, Problem: m.Error})
	}
	return s, err
}
