package connectors_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
)

// at lets a service that names its own address stand at another one.
func at(service http.Handler, own string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		service.ServeHTTP(answer, r)
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write([]byte(strings.ReplaceAll(answer.Body.String(), own, "http://"+r.Host)))
	}
}

func retries(l connectortest.Limits) connectors.Retry {
	return connectors.Retry{Attempts: l.Attempts, MaxWait: 2 * time.Minute}
}

func TestBPSFromAHostileSource(t *testing.T) {
	t.Parallel()
	some, none := newBPSService(t, 2023, 2024), newBPSService(t)
	connectortest.RunHostile(t, connectortest.HostileHarness{
		Settings: func(base string, l connectortest.Limits) connectors.Settings {
			return (&bpsService{Server: &httptest.Server{URL: base}}).settings(func(s *connectors.BPS) {
				s.MaxBytes, s.IdleTimeout, s.TotalTimeout, s.Retry = l.MaxBytes, l.IdleTimeout, l.TotalTimeout, retries(l)
			})
		},
		Serve: some.ServeHTTP, Empty: none.ServeHTTP, Secrets: []string{bpsTestKey},
	})
}

func TestWorldBankFromAHostileSource(t *testing.T) {
	t.Parallel()
	some, none := newWorldBankService(t, 2021, 2022, 2023), newWorldBankService(t)
	connectortest.RunHostile(t, connectortest.HostileHarness{
		Settings: func(base string, l connectortest.Limits) connectors.Settings {
			return (&worldBankService{Server: &httptest.Server{URL: base}}).settings(func(s *connectors.WorldBank) {
				s.PerPage = 4
				s.MaxBytes, s.IdleTimeout, s.TotalTimeout, s.Retry = l.MaxBytes, l.IdleTimeout, l.TotalTimeout, retries(l)
			})
		},
		Serve: some.ServeHTTP, Empty: none.ServeHTTP,
	})
}

func TestCKANFromAHostileSource(t *testing.T) {
	for _, rows := range []bool{false, true} {
		t.Run(map[bool]string{false: "files", true: "rows"}[rows], func(t *testing.T) {
			t.Parallel()
			some, none := newPortal(t), newPortal(t)
			some.add(2)
			connectortest.RunHostile(t, connectortest.HostileHarness{
				Settings: func(base string, l connectortest.Limits) connectors.Settings {
					return (&ckanPortal{Server: &httptest.Server{URL: base}}).settings(func(s *connectors.CKAN) {
						s.Datastore, s.Token = rows, ckanToken
						s.MaxBytes, s.MaxPageBytes, s.IdleTimeout, s.TotalTimeout, s.Retry = l.MaxBytes, l.MaxBytes, l.IdleTimeout, l.TotalTimeout, retries(l)
					})
				},
				Serve: at(some, some.URL), Empty: at(none, none.URL), Opaque: !rows, Secrets: []string{ckanToken},
			})
		})
	}
}

func TestSDMXFromAHostileSource(t *testing.T) {
	for _, version := range []string{"2.1", "3.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			some, none := newSDMXService(t, "2026-01", "2025-12", "2025-11"), newSDMXService(t)
			connectortest.RunHostile(t, connectortest.HostileHarness{
				Settings: func(base string, l connectortest.Limits) connectors.Settings {
					return (&sdmxService{Server: &httptest.Server{URL: base}}).settings(func(s *connectors.SDMX) {
						if s.Version = version; version == "3.0" {
							s.Queries[0].Key, s.PageSize = "", 2
						}
						s.MaxBytes, s.MaxPageBytes, s.IdleTimeout, s.TotalTimeout, s.Retry = l.MaxBytes, l.MaxBytes, l.IdleTimeout, l.TotalTimeout, retries(l)
					})
				},
				Serve: some.ServeHTTP, Empty: none.ServeHTTP, Opaque: true,
			})
		})
	}
}

func TestILOSTATFromAHostileSource(t *testing.T) {
	t.Parallel()
	some := newILOSTATService(t, "2023", "2024")
	connectortest.RunHostile(t, connectortest.HostileHarness{
		Settings: func(base string, l connectortest.Limits) connectors.Settings {
			return (&ilostatService{Server: &httptest.Server{URL: base}}).settings(func(s *connectors.ILOSTAT) {
				s.MaxBytes, s.IdleTimeout, s.TotalTimeout, s.Retry = l.MaxBytes, l.IdleTimeout, l.TotalTimeout, retries(l)
			})
		},
		Serve: some.ServeHTTP,
	})
}

func TestIATIFromAHostileSource(t *testing.T) {
	for _, via := range []string{"datastore", "dportal", "registry", "xml"} {
		t.Run(via, func(t *testing.T) {
			t.Parallel()
			some, none := newIATIService(t), newIATIService(t)
			some.add(3)
			connectortest.RunHostile(t, connectortest.HostileHarness{
				Settings: func(base string, l connectortest.Limits) connectors.Settings {
					return (&iatiService{Server: &httptest.Server{URL: base}}).settings(via, func(s *connectors.IATI) {
						s.MaxBytes, s.MaxPageBytes, s.IdleTimeout, s.TotalTimeout, s.Retry = l.MaxBytes, l.MaxBytes, l.IdleTimeout, l.TotalTimeout, retries(l)
					})
				},
				Serve: at(some, some.URL), Empty: at(none, none.URL), Opaque: via == "xml" || via == "registry", Secrets: []string{iatiKey},
			})
		})
	}
}
