package pipelines

import (
	"bytes"
	"io"
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

const (
	fatalMark   = "fatal error: "
	recentBytes = 4 << 10
)

func (l *childLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if wantOfMemory(l.reason) {
		return len(p), nil
	}
	l.recent = append(l.recent, p...)
	if i := bytes.Index(l.recent, []byte(fatalMark)); i >= 0 && l.reason == "" {
		if line, _, whole := bytes.Cut(l.recent[i+len(fatalMark):], []byte("\n")); whole {
			l.reason = string(line)
		}
	}
	if extra := len(l.recent) - recentBytes; extra > 0 {
		l.recent = append(l.recent[:0], l.recent[extra:]...)
	}
	return l.next.Write(p)
}

func wantOfMemory(reason string) bool {
	return strings.Contains(reason, "out of memory") || strings.Contains(reason, "cannot allocate")
}

// fatal is the runtime's own reason for ending the child; empty when it gave none.
func (l *childLog) fatal() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reason
}
