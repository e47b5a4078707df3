package connectors_test

import (
	"crypto/md5"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
)

// within makes settings for an API at an address keep to the limits of the suite.
func within(s *connectors.REST, l connectortest.Limits) {
	s.MaxBytes, s.MaxPageBytes = l.MaxBytes, l.MaxBytes
	s.IdleTimeout, s.TotalTimeout, s.Retry.Attempts = l.IdleTimeout, l.TotalTimeout, l.Attempts
}

var totalOfAnswer = regexp.MustCompile(`"total":(\d+)`)

func TestRESTPagesFromAHostileSource(t *testing.T) {
	for name, change := range map[string]func(*connectors.REST){
		"page":   func(s *connectors.REST) { s.Paging.TotalPath = "total" },
		"keyset": keyset,
		"cursor": func(s *connectors.REST) {
			s.Paging.Kind, s.Paging.Param, s.Paging.CursorPath = "cursor", "cursor", "next"
		},
		"link": func(s *connectors.REST) { s.Paging.Kind = "link" },
		"POST": func(s *connectors.REST) { s.Method, s.Body = "POST", `{"page": {page}}` },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, none := newAPI(t), newAPI(t)
			rows.add(5)
			inBody := func(a *api) http.HandlerFunc {
				return func(w http.ResponseWriter, r *http.Request) {
					var question struct{ Page int }
					_ = json.NewDecoder(r.Body).Decode(&question)
					_ = r.ParseForm()
					if question.Page > 0 {
						r.Form.Set("page", strconv.Itoa(question.Page))
					}
					a.ServeHTTP(w, r)
				}
			}
			connectortest.RunHostile(t, connectortest.HostileHarness{
				Settings: func(base string, l connectortest.Limits) connectors.Settings {
					return (&api{Server: &httptest.Server{URL: base}}).settings(func(s *connectors.REST) {
						change(s)
						within(s, l)
						s.Auth = connectors.RESTAuth{Kind: "oauth2_client_credentials", TokenURL: rows.URL + "/token", ClientID: "lindung", ClientSecret: clientSecret}
						s.Headers = map[string]connectors.Secret{"X-Key": apiKey}
					})
				},
				Serve: inBody(rows), Empty: inBody(none), Refreshes: true, Secrets: []string{clientSecret, tokenSecret, apiKey},
				Total: func(answer string, by int) string {
					return totalOfAnswer.ReplaceAllStringFunc(answer, func(m string) string {
						n, _ := strconv.Atoi(strings.TrimPrefix(m, `"total":`))
						return fmt.Sprintf(`"total":%d`, n+by)
					})
				},
			})
		})
	}
}

func TestRESTWholeFromAHostileSource(t *testing.T) {
	t.Parallel()
	connectortest.RunHostile(t, connectortest.HostileHarness{
		Settings: func(base string, l connectortest.Limits) connectors.Settings {
			return (&api{Server: &httptest.Server{URL: base}}).settings(func(s *connectors.REST) {
				whole(s)
				within(s, l)
				s.URL = base + "/remitansi.csv"
				s.Auth = connectors.RESTAuth{Kind: "api_key", In: "query", Name: "kunci", Key: apiKey}
			})
		},
		Serve: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/csv")
			w.Header().Set("ETag", `"1"`)
			fmt.Fprint(w, "tahun,nilai\n2024,1\n2025,2\n")
		},
		Opaque: true, Secrets: []string{apiKey},
	})
}

func TestRESTExportFromAHostileSource(t *testing.T) {
	t.Parallel()
	connectortest.RunHostile(t, connectortest.HostileHarness{
		Settings: func(base string, l connectortest.Limits) connectors.Settings {
			e := exporter{api: &api{Server: &httptest.Server{URL: base}}}
			return e.settings(func(s *connectors.REST) { within(s, l) })
		},
		Serve: func(w http.ResponseWriter, r *http.Request) {
			switch {
			case strings.HasSuffix(r.URL.Path, "/file"):
				w.Header().Set("Content-Type", "text/csv")
				fmt.Fprint(w, "tahun,nilai\n2024,1\n2025,2\n")
			default:
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprint(w, `{"job":{"id":"7"},"state":"completed"}`)
			}
		},
		Opaque: true, Secrets: []string{tokenSecret},
	})
}

func TestBIFromAHostileSource(t *testing.T) {
	for _, via := range []string{"get", "soap"} {
		t.Run(via, func(t *testing.T) {
			t.Parallel()
			rates, none := newBIService(t, "2025-06-02", "2026-01-14"), newBIService(t)
			connectortest.RunHostile(t, connectortest.HostileHarness{
				Settings: func(base string, l connectortest.Limits) connectors.Settings {
					return (&biService{Server: &httptest.Server{URL: base}}).settings(func(b *connectors.BI) {
						b.Via, b.Start, b.MaxBytes, b.IdleTimeout, b.TotalTimeout, b.Retry = via, "2025-01-01", l.MaxBytes, l.IdleTimeout, l.TotalTimeout, connectors.Retry{Attempts: l.Attempts, MaxWait: 1e12}
					})
				},
				Serve: rates.ServeHTTP, Empty: none.ServeHTTP,
			})
		})
	}
}

// A store's own faults are tested beside it; here it misbehaves as any HTTP server may.
func TestS3FromAHostileSource(t *testing.T) {
	t.Parallel()
	texts := map[string]string{"a.csv": "id\n1\n", "b.csv": "id\n2\n"}
	listing := func(names ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			name := strings.TrimPrefix(r.URL.Path, "/kiriman/")
			text, isObject := texts[name]
			if isObject {
				w.Header().Set("ETag", fmt.Sprintf(`"%x"`, md5.Sum([]byte(text))))
				w.Header().Set("Last-Modified", "Mon, 12 Jan 2026 08:00:00 GMT")
				w.Header().Set("Content-Type", "text/csv")
				fmt.Fprint(w, text)
				return
			}
			w.Header().Set("Content-Type", "application/xml")
			fmt.Fprint(w, `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>kiriman</Name><IsTruncated>false</IsTruncated>`)
			for _, name := range names {
				fmt.Fprintf(w, `<Contents><Key>%s</Key><LastModified>2026-01-12T08:00:00.000Z</LastModified><ETag>"%x"</ETag><Size>%d</Size></Contents>`, name, md5.Sum([]byte(texts[name])), len(texts[name]))
			}
			fmt.Fprint(w, `</ListBucketResult>`)
		}
	}
	connectortest.RunHostile(t, connectortest.HostileHarness{
		Settings: func(base string, l connectortest.Limits) connectors.Settings {
			return newS3(strings.TrimPrefix(base, "http://"), "kiriman", func(s *connectors.S3) {
				s.MaxBytes, s.IdleTimeout, s.TotalTimeout, s.Retry.Attempts = l.MaxBytes, l.IdleTimeout, l.TotalTimeout, l.Attempts
			})
		},
		Serve: listing("a.csv", "b.csv"), Empty: listing(), Secrets: []string{connectortest.S3SecretKey},
	})
}
