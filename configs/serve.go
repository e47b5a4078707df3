package configs

import (
	"net"
	"strconv"
)

// listenForm checks an address to listen on.
func listenForm(s string) string {
	if s == "" {
		return ""
	}
	_, port, err := net.SplitHostPort(s)
	n, bad := strconv.ParseUint(port, 10, 16)
	if err != nil || bad != nil || strconv.FormatUint(n, 10) != port {
		return `must be an address and a port, such as 127.0.0.1:9464, or "" for none`
	}
	return ""
}

// checkServe keeps what asks nobody who he is from other machines, unless that is meant.
func (l *loader) checkServe(s *Serve) {
	if s.Listen == "" || s.AllowRemote || listenForm(s.Listen) != "" {
		return
	}
	host, _, _ := net.SplitHostPort(s.Listen)
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return
	}
	l.fault(ProjectFile, s, "listen", "other machines reach %q, and metrics are given to whoever asks; listen on 127.0.0.1, or write allow_remote: true beside it and let a firewall choose who asks", s.Listen)
}
