package connectortest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// on does something at the first request for data and behaves well afterwards.
func on(first func(w http.ResponseWriter, r *http.Request)) func(*hostileSource, int, http.ResponseWriter, *http.Request) {
	return func(s *hostileSource, n int, w http.ResponseWriter, r *http.Request) {
		if n == 1 {
			first(w, r)
			return
		}
		s.h.Serve(w, r)
	}
}

// always does something at every request for data.
func always(do func(w http.ResponseWriter, r *http.Request)) func(*hostileSource, int, http.ResponseWriter, *http.Request) {
	return func(_ *hostileSource, _ int, w http.ResponseWriter, r *http.Request) { do(w, r) }
}

// refuse answers with a status, and with all that was sent, as some servers do.
func refuse(status int, headers ...string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %v %s", r.Method, r.URL, r.Header, body)
	}
}

func statuses(h HostileHarness) []act {
	const date, later = "Thu, 01 Jan 2026 10:00:00 GMT", "Thu, 01 Jan 2026 10:01:30 GMT"
	after401 := unavailableThen
	if h.Refreshes {
		after401 = right
	}
	return []act{
		{name: "429 with seconds to wait", serve: on(refuse(429, "Retry-After", "7")), want: right, waits: 7 * time.Second},
		{name: "503 with a date to wait for", serve: on(refuse(503, "Date", date, "Retry-After", later)), want: right, waits: 90 * time.Second},
		{name: "503 without a word", serve: on(refuse(503)), want: right, waits: time.Second},
		{name: "429 for ever", serve: always(refuse(429, "Retry-After", "1")), want: unavailableThen},
		{name: "500 for ever", serve: always(refuse(500)), want: unavailableThen},
		{name: "401 once", serve: on(refuse(401)), want: after401},
		{name: "401 for ever", serve: always(refuse(401)), want: unavailableThen},
		{name: "403", serve: always(refuse(403)), want: unavailableThen},
		{name: "404", serve: always(refuse(404)), want: failed},
		{name: "304 that nobody asked for", serve: always(refuse(304)), want: failed},
		{name: "204 for ever", serve: always(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }), want: nothing},
	}
}

func redirects() []act {
	elsewhere := func(status int) func(*hostileSource, int, http.ResponseWriter, *http.Request) {
		return func(s *hostileSource, _ int, w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, s.other.URL+r.URL.RequestURI(), status)
		}
	}
	return []act{
		{name: "a redirect to another host", serve: elsewhere(http.StatusFound), want: unavailableThen},
		{name: "a redirect to another host that keeps the method", serve: elsewhere(http.StatusTemporaryRedirect), want: unavailableThen},
		{name: "redirects in circles", want: unavailableThen, serve: always(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.RequestURI(), http.StatusTemporaryRedirect)
		})},
	}
}

// raw writes bytes that no well-meaning server would.
func raw(w http.ResponseWriter, write func(io.Writer)) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	write(conn)
}

// lengthOff answers with another Content-Length than the answer has.
func lengthOff(s *hostileSource, w http.ResponseWriter, r *http.Request, by int) {
	body, header := s.answer(r)
	raw(w, func(conn io.Writer) {
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", header.Get("Content-Type"), max(len(body)+by, 1))
		_, _ = conn.Write(body)
	})
}

// half answers with the first half and breaks the connection.
func half(s *hostileSource, w http.ResponseWriter, r *http.Request, withLength bool) {
	body, header := s.answer(r)
	copyHeader(w, header)
	if withLength {
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	}
	_, _ = w.Write(body[:len(body)/2])
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

func cuts(HostileHarness) []act {
	return []act{
		{name: "a connection that breaks at once", want: unavailableThen, serve: always(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })},
		{name: "a body cut short once", serve: func(s *hostileSource, n int, w http.ResponseWriter, r *http.Request) {
			if n == 1 {
				half(s, w, r, true)
			}
			s.h.Serve(w, r)
		}},
		{name: "a body cut short for ever", want: unavailableThen, serve: func(s *hostileSource, _ int, w http.ResponseWriter, r *http.Request) { half(s, w, r, true) }},
		{name: "a body of unknown length cut short", want: unavailableThen, serve: func(s *hostileSource, _ int, w http.ResponseWriter, r *http.Request) { half(s, w, r, false) }},
		{name: "a Content-Length that is too long", want: unavailableThen, serve: func(s *hostileSource, _ int, w http.ResponseWriter, r *http.Request) { lengthOff(s, w, r, 5) }},
		{name: "a Content-Length that is too short", want: failedOrPrefix, serve: func(s *hostileSource, _ int, w http.ResponseWriter, r *http.Request) { lengthOff(s, w, r, -5) }},
		{name: "no bytes at all", want: failedOrPrefix, serve: always(func(w http.ResponseWriter, _ *http.Request) {})},
		{name: "an answer that is not HTTP", want: unavailableThen, serve: always(func(w http.ResponseWriter, _ *http.Request) {
			raw(w, func(conn io.Writer) { fmt.Fprint(conn, "SSH-2.0-server\r\n") })
		})},
		{name: "headers without end", want: unavailableThen, serve: always(func(w http.ResponseWriter, _ *http.Request) {
			raw(w, func(conn io.Writer) {
				fmt.Fprint(conn, "HTTP/1.1 200 OK\r\n")
				line := []byte("X-Filler: " + strings.Repeat("x", 4000) + "\r\n")
				for range 5000 {
					if _, err := conn.Write(line); err != nil {
						return
					}
				}
			})
		})},
	}
}

func gzipOf(body []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(body)
	_ = w.Close()
	return out.Bytes()
}

func copyHeader(w http.ResponseWriter, header http.Header) {
	for name := range header {
		w.Header().Set(name, header.Get(name))
	}
}

// coded answers with another coding than was asked for.
func coded(coding string, change func(body []byte) []byte) func(*hostileSource, int, http.ResponseWriter, *http.Request) {
	return func(s *hostileSource, _ int, w http.ResponseWriter, r *http.Request) {
		body, header := s.answer(r)
		copyHeader(w, header)
		w.Header().Set("Content-Encoding", coding)
		_, _ = w.Write(change(body))
	}
}

func codings() []act {
	plain := func(body []byte) []byte { return body }
	return []act{
		{name: "gzip that nobody asked for", serve: coded("gzip", gzipOf)},
		{name: "gzip that is none", serve: coded("gzip", plain)},
		{name: "gzip cut short", want: failed, serve: coded("gzip", func(body []byte) []byte { return gzipOf(body)[:len(gzipOf(body))-9] })},
		{name: "gzip with another checksum", want: failed, serve: coded("gzip", func(body []byte) []byte {
			packed := gzipOf(body)
			packed[len(packed)-5] ^= 1
			return packed
		})},
		{name: "a coding that nobody knows", serve: coded("rahasia", plain)},
		{name: "10 GB of zeros in little gzip", want: failed, serve: func(s *hostileSource, _ int, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			s.endless(w, gzipOf(make([]byte, 10<<20)), 1000)
		}},
	}
}

// endless sends a piece again and again, until it was sent often enough or nobody
// listens any more.
func (s *hostileSource) endless(w io.Writer, piece []byte, times int) {
	for range times {
		n, err := w.Write(piece)
		s.mu.Lock()
		s.sent += int64(n)
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func slow() []act {
	impatient := func(l *Limits) { l.IdleTimeout, l.Attempts = 100*time.Millisecond, 2 }
	drip := func(s *hostileSource, w http.ResponseWriter, r *http.Request, pause time.Duration) {
		for {
			select {
			case <-r.Context().Done():
				return
			case <-time.After(pause):
			}
			s.endless(w, []byte(" "), 1)
			w.(http.Flusher).Flush()
		}
	}
	return []act{
		{name: "a byte now and then, for ever", want: unavailableThen, limits: func(l *Limits) { l.TotalTimeout, l.Attempts = 300*time.Millisecond, 2 },
			serve: func(s *hostileSource, _ int, w http.ResponseWriter, r *http.Request) {
				drip(s, w, r, 10*time.Millisecond)
			}},
		{name: "silence before the answer", want: unavailableThen, limits: impatient,
			serve: always(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body); <-r.Context().Done() })},
		{name: "silence within the answer", want: unavailableThen, limits: impatient, serve: func(s *hostileSource, _ int, w http.ResponseWriter, r *http.Request) {
			body, header := s.answer(r)
			w.Header().Set("Content-Type", header.Get("Content-Type"))
			_, _ = w.Write(body[:len(body)/2])
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}},
		{name: "10 GB of zeros", want: failed, serve: func(s *hostileSource, _ int, w http.ResponseWriter, _ *http.Request) {
			s.endless(w, make([]byte, 1<<20), 10_000)
		}},
	}
}

// says answers every request with a text.
func says(contentType, text string) func(*hostileSource, int, http.ResponseWriter, *http.Request) {
	return always(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = io.WriteString(w, text)
	})
}

func contents(h HostileHarness) []act {
	labelled := func(contentType string) func(*hostileSource, int, http.ResponseWriter, *http.Request) {
		return func(s *hostileSource, _ int, w http.ResponseWriter, r *http.Request) {
			body, header := s.answer(r)
			copyHeader(w, header)
			w.Header()["Content-Type"] = []string{contentType}
			_, _ = w.Write(body)
		}
	}
	acts := []act{
		{name: "a sign-in page with status 200", want: failed, serve: says("text/html; charset=utf-8", "<!DOCTYPE html><html><title>Masuk</title></html>")},
		{name: "a sign-in page called JSON", want: failed, serve: says("application/json", "\xEF\xBB\xBF\r\n <HTML><title>Masuk</title></HTML>")},
		{name: "another media type", renamed: true, serve: labelled("image/png")},
		{name: "a media type that is none", renamed: true, serve: labelled(";;=")},
	}
	if h.Opaque {
		return acts
	}
	return append(acts,
		act{name: "half a million brackets", want: failed, serve: says("application/json", strings.Repeat("[", 500_000))},
		act{name: "a hundred thousand elements in one another", want: failed, serve: says("text/xml", strings.Repeat("<a>", 100_000))},
		act{name: "entities that grow", want: failed, serve: says("text/xml", `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>`)},
		act{name: "bytes that are nothing", want: failed, serve: says("application/json", "\x00\xff\xfe\x1b[2J")},
	)
}

// pages are the acts that need a second request.
func pages(h HostileHarness, good hostilePull) []act {
	total := func(by int) func(*hostileSource, int, http.ResponseWriter, *http.Request) {
		return func(s *hostileSource, n int, w http.ResponseWriter, r *http.Request) {
			body, header := s.answer(r)
			copyHeader(w, header)
			if n > 1 {
				body = []byte(h.Total(string(body), by))
			}
			_, _ = w.Write(body)
		}
	}
	undo := func(by int) func(string) string { return func(answer string) string { return h.Total(answer, by) } }
	var acts []act
	if h.Total != nil {
		acts = append(acts, act{name: "a total that grows on the way", serve: total(1), undo: undo(-1)}, act{name: "a total that shrinks on the way", serve: total(-1), undo: undo(1)})
	}
	if len(good.objects) < 2 {
		return acts
	}
	again := act{name: "the first page again and again", want: failed, serve: func(s *hostileSource, n int, w http.ResponseWriter, r *http.Request) {
		if n == 1 {
			s.first, s.firstHdr = s.answer(r)
		}
		copyHeader(w, s.firstHdr)
		_, _ = w.Write(s.first)
	}}
	if !h.Opaque {
		acts = append(acts, again)
	}
	return append(acts,
		act{name: "500 from the second page on", want: unavailableThen, serve: func(s *hostileSource, n int, w http.ResponseWriter, r *http.Request) {
			if n > 1 {
				refuse(500)(w, r)
				return
			}
			s.h.Serve(w, r)
		}},
		act{name: "a sign-in page from the second page on", want: failed, serve: func(s *hostileSource, n int, w http.ResponseWriter, r *http.Request) {
			if n > 1 {
				says("text/html", "<html>Masuk</html>")(s, n, w, r)
				return
			}
			s.h.Serve(w, r)
		}},
	)
}
