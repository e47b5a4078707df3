package connectortest

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

// What the user of every SFTP server may log in with.
const (
	SFTPUser       = "lindung"
	SFTPPassword   = "kenari-kata-sandi"
	SFTPPassphrase = "kenari-frasa-kunci"
	// sftpPasswordHash is the password as /etc/shadow would have it.
	sftpPasswordHash = `$6$lindunguji$Y3zjN8wLNfl6jwDS3LYW9rfzjuX.DH9kM6cQylxLgahdCT2zLCeeCX2oNNdY.d9mtKSjbDx3WhVJsNYiGx7d5/`
)

// An SFTPServer is a real OpenSSH server on this machine, with a user, a home and
// keys of its own. It never touches the machine's.
type SFTPServer struct {
	Address string // host:port
	Home    string // the user's folder, where files are dropped
	// HostKey and OtherHostKey are the server's public keys, of two kinds.
	HostKey, OtherHostKey ssh.PublicKey
	// PrivateKey is the user's, EncryptedKey the same under SFTPPassphrase.
	PrivateKey, EncryptedKey string
	uid                      int
}

// The ids of nobody: as root, the user must not be root, whom no permission stops.
const nobody = 65534

// nssWrapper lets a program see users that the machine does not have.
const nssWrapper = "libnss_wrapper.so"

// StartSFTP starts an OpenSSH server, or ends the test when there is none.
func StartSFTP(t testing.TB) *SFTPServer {
	t.Helper()
	sshd, err := exec.LookPath("sshd")
	if err != nil {
		if sshd = "/usr/sbin/sshd"; !exists(sshd) {
			absent(t, "sshd", "apt-get install openssh-server")
		}
	}
	dir, err := os.MkdirTemp("", "lindung-sftp-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s := &SFTPServer{Home: filepath.Join(dir, "home"), uid: os.Getuid()}
	if s.uid == 0 {
		s.uid = nobody
	}
	must(t, os.Chmod(dir, 0o755), os.Mkdir(s.Home, 0o755), os.Chown(s.Home, s.uid, -1))
	s.makeKeys(t, dir)
	environment := s.makeUser(t, dir)
	if os.Getuid() == 0 {
		// What sshd locks its unprivileged part up in; the package makes it at boot.
		must(t, os.MkdirAll("/run/sshd", 0o755))
	}
	s.Address = runServer(t, func(port string) *exec.Cmd {
		config := filepath.Join(dir, "sshd_config")
		must(t, os.WriteFile(config, []byte(fmt.Sprintf(sshdConfig, port, dir, dir, dir, SFTPUser)), 0o600))
		cmd := exec.Command(sshd, "-D", "-e", "-f", config)
		cmd.Env = environment
		return cmd
	})
	return s
}

const sshdConfig = `Port %s
ListenAddress 127.0.0.1
HostKey %s/host_ed25519
HostKey %s/host_ecdsa
AuthorizedKeysFile %s/authorized_keys
AllowUsers %s
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication yes
KbdInteractiveAuthentication no
MaxStartups 100
Subsystem sftp internal-sftp
`

func (s *SFTPServer) makeKeys(t testing.TB, dir string) {
	t.Helper()
	_, host, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	_, user, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	signer := func(key any) ssh.PublicKey {
		signer, err := ssh.NewSignerFromKey(key)
		must(t, err)
		return signer.PublicKey()
	}
	text := func(block *pem.Block, err error) string {
		must(t, err)
		return string(pem.EncodeToMemory(block))
	}
	s.HostKey, s.OtherHostKey = signer(host), signer(other)
	s.PrivateKey = text(ssh.MarshalPrivateKey(user, ""))
	s.EncryptedKey = text(ssh.MarshalPrivateKeyWithPassphrase(user, "", []byte(SFTPPassphrase)))
	for name, content := range map[string]string{
		"host_ed25519":    text(ssh.MarshalPrivateKey(host, "")),
		"host_ecdsa":      text(ssh.MarshalPrivateKey(other, "")),
		"authorized_keys": string(ssh.MarshalAuthorizedKey(signer(user))),
	} {
		must(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	must(t, os.Chmod(filepath.Join(dir, "authorized_keys"), 0o644))
}

// makeUser gives the server a user of its own, by a library that stands before the
// machine's list of users, and returns the environment that brings it about.
func (s *SFTPServer) makeUser(t testing.TB, dir string) []string {
	t.Helper()
	libraries, err := filepath.Glob("/usr/lib/*/" + nssWrapper)
	if err != nil || len(libraries) == 0 {
		absent(t, nssWrapper, "apt-get install libnss-wrapper")
	}
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, []byte(text), 0o644))
		return path
	}
	users := fmt.Sprintf("%s:x:%d:%d::%s:/bin/sh\n", SFTPUser, s.uid, nobody, s.Home)
	users += "sshd:x:101:65534::/run/sshd:/usr/sbin/nologin\nroot:x:0:0:root:/root:/bin/sh\n"
	return []string{
		"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LD_PRELOAD=" + libraries[0],
		"NSS_WRAPPER_PASSWD=" + file("passwd", users),
		"NSS_WRAPPER_GROUP=" + file("group", fmt.Sprintf("nogroup:x:%d:\nroot:x:0:\n", nobody)),
		"NSS_WRAPPER_SHADOW=" + file("shadow", SFTPUser+":"+sftpPasswordHash+":19000:0:99999:7:::\n"),
	}
}

// Drop puts a file into the user's home, last modified at a given time.
func (s *SFTPServer) Drop(t testing.TB, name, text string, modified time.Time) {
	t.Helper()
	path := filepath.Join(s.Home, filepath.FromSlash(name))
	must(t, os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644), os.Chtimes(path, modified, modified))
	for at := path; len(at) > len(s.Home); at = filepath.Dir(at) {
		must(t, os.Chown(at, s.uid, -1))
	}
}

// HostKeyLine is the server's key as host_key wants it.
func (s *SFTPServer) HostKeyLine() string {
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(s.HostKey)))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func must(t testing.TB, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}
