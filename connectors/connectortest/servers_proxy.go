package connectortest

import (
	"io"
	"net"
	"sync"
	"testing"
)

// A Proxy stands between a connector and a real server, and does to their
// connection what networks do.
type Proxy struct {
	// Address is where to connect to instead of the server.
	Address  string
	target   string
	listener net.Listener

	mu    sync.Mutex
	conns []net.Conn
	cut   int64 // cut the next connection that brings more bytes than this; -1 never
	stall int64 // bring no more bytes than this over any connection; -1 never
	flip  int64 // turn this byte of every connection into another; -1 none
	seen  int   // connections so far
}

// StartProxy puts a proxy before a server, which is given as host:port.
func StartProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{Address: listener.Addr().String(), target: target, listener: listener, cut: -1, stall: -1, flip: -1}
	t.Cleanup(p.Close)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go p.serve(conn)
		}
	}()
	return p
}

// CutAfter breaks one connection, the next that brings so many bytes.
func (p *Proxy) CutAfter(n int64) { p.set(&p.cut, n) }

// StallAfter brings no more than so many bytes over any connection, and keeps it
// open.
func (p *Proxy) StallAfter(n int64) { p.set(&p.stall, n) }

// Flip changes the byte at an offset of what every connection brings.
func (p *Proxy) Flip(offset int64) { p.set(&p.flip, offset) }

func (p *Proxy) set(what *int64, n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	*what = n
}

// Connections is how many there were.
func (p *Proxy) Connections() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen
}

// Close breaks all connections and takes no more.
func (p *Proxy) Close() {
	_ = p.listener.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conn := range p.conns {
		_ = conn.Close()
	}
}

func (p *Proxy) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer server.Close()
	p.mu.Lock()
	p.conns = append(p.conns, client, server)
	p.seen++
	p.mu.Unlock()
	go func() {
		_, _ = io.Copy(server, client)
		_ = server.Close()
	}()
	var brought int64
	buffer := make([]byte, 4096)
	for {
		n, err := server.Read(buffer)
		piece, isCut := p.treat(buffer[:n], brought)
		brought += int64(n)
		if _, writeErr := client.Write(piece); isCut || err != nil || writeErr != nil {
			return
		}
	}
}

// treat is what becomes of bytes that come after so many others.
func (p *Proxy) treat(piece []byte, before int64) (left []byte, isCut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	end := before + int64(len(piece))
	if p.flip >= before && p.flip < end {
		piece[p.flip-before] ^= 0x20
	}
	if p.stall >= 0 && end > p.stall {
		return piece[:max(0, p.stall-before)], false
	}
	if p.cut >= 0 && end > p.cut {
		piece, isCut = piece[:max(0, p.cut-before)], true
		p.cut = -1
	}
	return piece, isCut
}
