package pipelines

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"sync"
)

// childLog passes a child's log lines on and remembers why its runtime gave up. When
// that was for want of memory, the stack that follows says nothing about the cause and is
// left out; the stack of any other crash is passed on.
type childLog struct {
	next   io.Writer
	mu     sync.Mutex
	recent []byte // the end of what was written, since a runtime writes its reason in pieces
	reason string
}

const recentBytes = 4 << 10

// lastWords are how a Go runtime begins to say why it ends: its own faults and signals
// that it caught, and a C++ one: the type of what nobody caught. What a panic or an exception says is
// not among them, for it may quote a value.
var lastWords = regexp.MustCompile(`(?m)^(fatal error: |SIG[A-Z]+: |terminate called after throwing ).+\n`)

func (l *childLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if wantOfMemory(l.reason) {
		return len(p), nil
	}
	l.recent = append(l.recent, p...)
	pass := p
	if at := lastWords.FindIndex(l.recent); at != nil && l.reason == "" {
		l.reason = string(bytes.TrimSpace(l.recent[at[0]:at[1]]))
		if wantOfMemory(l.reason) {
			pass = p[:max(0, at[1]-(len(l.recent)-len(p)))]
		}
	}
	if extra := len(l.recent) - recentBytes; extra > 0 {
		l.recent = append(l.recent[:0], l.recent[extra:]...)
	}
	if _, err := l.next.Write(pass); err != nil {
		return 0, err
	}
	return len(p), nil
}

func wantOfMemory(reason string) bool {
	return strings.Contains(reason, "out of memory") || strings.Contains(reason, "cannot allocate") || strings.Contains(reason, "bad_alloc")
}

// wordsOverTime are the last words of a child that used up its processor time.
const wordsOverTime = "SIGXCPU: the processor time is used up"

// wordsOverSize are the last words of a child that made a file larger than it may be.
const wordsOverSize = "SIGXFSZ: a file became larger than it may be"

// fatal is the runtime's own reason for ending the child; empty when it gave none.
func (l *childLog) fatal() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reason
}
