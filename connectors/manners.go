package connectors

import "time"

// Manners are how a connector that is made for one service asks it over HTTP. Every
// such kind has them, with defaults that suit its service.
type Manners struct {
	UserAgent    string        `yaml:"user_agent" doc:"what the requests say they come from, for services that turn programs away"`
	Rate         RESTRate      `yaml:"rate" doc:"how fast to ask"`
	Retry        Retry         `yaml:"retry" doc:"what to do after 429, 5xx and broken connections"`
	IdleTimeout  time.Duration `yaml:"idle_timeout" doc:"give up a request when no byte came for this long"`
	TotalTimeout time.Duration `yaml:"total_timeout" doc:"give up a request after this long"`
	MaxBytes     Size          `yaml:"max_bytes" doc:"a larger answer is an error"`
	AllowHosts   []string      `yaml:"allow_hosts" doc:"other hosts that redirects, and addresses in answers, may lead to; they are never sent credentials"`
	Network      `yaml:",inline"`
}

// browser is what the requests to services say that turn away what does not look
// like a browser.
const browser = "Mozilla/5.0 (compatible; lindung)"

// newManners are the defaults of a service that is asked so many times a second.
func newManners(perSecond float64, idle, total time.Duration, most Size) Manners {
	return Manners{UserAgent: "lindung", Rate: RESTRate{PerSecond: perSecond}, Retry: Retry{Attempts: 5, MaxWait: 2 * time.Minute},
		IdleTimeout: idle, TotalTimeout: total, MaxBytes: most}
}

// as says that the requests come from something else.
func (m Manners) as(userAgent string) Manners {
	m.UserAgent = userAgent
	return m
}

// wire are settings of rest that ask an address with these manners. Everything else
// is for the caller to set.
func (m Manners) wire(address, accept string) *REST {
	kind, _ := Lookup("rest")
	wire := kind.New().(*REST)
	wire.URL, wire.Accept = address, accept
	if m.UserAgent != "" {
		wire.UserAgent = m.UserAgent
	}
	wire.Rate, wire.Retry, wire.IdleTimeout, wire.TotalTimeout = m.Rate, m.Retry, m.IdleTimeout, m.TotalTimeout
	wire.MaxBytes, wire.AllowHosts, wire.Network = m.MaxBytes, m.AllowHosts, m.Network
	return wire
}

// connected is Connect for callers that need to know the kind.
func (s *REST) connected(env Env) (*restConnector, error) {
	made, err := s.Connect(env)
	if err != nil {
		return nil, err
	}
	return made.(*restConnector), nil
}
