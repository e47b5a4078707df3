package connectors

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/ssh"
)

// A hostKeyPin is what host_key says that the server must show.
type hostKeyPin struct {
	key         ssh.PublicKey
	fingerprint string // with or without key
}

// parsePin reads a public key as ssh-keyscan, known_hosts and *.pub files have it,
// or a fingerprint as ssh-keygen -l prints it.
func parsePin(text string) (hostKeyPin, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return hostKeyPin{}, nil
	case strings.HasPrefix(text, "SHA256:") && len(text) == len("SHA256:")+43 && !strings.ContainsAny(text, " \t"):
		return hostKeyPin{fingerprint: text}, nil
	}
	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(text))
	if err != nil {
		return hostKeyPin{}, errors.New("host_key: must be a public key (ssh-ed25519 AAAA…) or a fingerprint (SHA256: and 43 characters)")
	}
	return hostKeyPin{key: key, fingerprint: ssh.FingerprintSHA256(key)}, nil
}

// accepts reports whether the server showed what it must.
func (p hostKeyPin) accepts(key ssh.PublicKey) bool {
	return p.fingerprint != "" && ssh.FingerprintSHA256(key) == p.fingerprint
}

// The kinds of host keys, each with the algorithms that it signs with.
var hostKeyKinds = [][]string{
	{ssh.KeyAlgoED25519},
	{ssh.KeyAlgoECDSA256},
	{ssh.KeyAlgoECDSA384},
	{ssh.KeyAlgoECDSA521},
	{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256},
}

// asks is what to ask the server for, one try after the other until it shows the
// pinned key. A server has several keys and shows the one that was asked for; a
// fingerprint does not say of which kind it is.
func (p hostKeyPin) asks() [][]string {
	every := append([]string{}, hostKeyKinds[0]...)
	for _, kind := range hostKeyKinds[1:] {
		every = append(every, kind...)
	}
	switch {
	case p.key == nil && p.fingerprint == "":
		return [][]string{every}
	case p.key == nil:
		return append([][]string{every}, hostKeyKinds...)
	case p.key.Type() == ssh.KeyAlgoRSA:
		return [][]string{{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256}, every}
	}
	return [][]string{{p.key.Type()}, every}
}

// refusal says what the server showed and how to go on from there.
func (p hostKeyPin) refusal(shown ssh.PublicKey) error {
	line := strings.TrimSpace(string(ssh.MarshalAuthorizedKey(shown)))
	fingerprint := ssh.FingerprintSHA256(shown)
	if p.fingerprint == "" {
		return fmt.Errorf("the server's host key is not known here: it showed a %s key with the fingerprint %s. "+
			"Ask its owner whether that is right, and if so pin it: host_key: %q", shown.Type(), fingerprint, line)
	}
	return fmt.Errorf("the server showed another host key than host_key pins (%s): a %s key with the fingerprint %s. "+
		"It may not be the server that it claims to be; nothing was sent. Ask its owner, and only if the key was changed there pin the new one: host_key: %q",
		p.fingerprint, shown.Type(), fingerprint, line)
}
