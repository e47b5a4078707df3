package connectortest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A DatabaseServer is a real database server of a test's own, on a port of this
// machine, with TLS and a certificate for localhost.
type DatabaseServer struct {
	Host           string // localhost
	Port           int
	User, Password string // may do everything
	// CA is the certificate, as PEM, of the authority that signed the server's.
	CA string

	command func(database string) []string // the client that runs statements
	env     []string
	as      *syscall.Credential
}

// Address is where the server listens.
func (s *DatabaseServer) Address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)) }

// Exec runs statements in a database ("" for the server's own) and returns what
// they print.
func (s *DatabaseServer) Exec(database, statements string) (string, error) {
	command := s.command(database)
	client := exec.Command(command[0], command[1:]...)
	client.Env = append(os.Environ(), s.env...)
	client.Stdin = strings.NewReader(statements)
	var out, errs bytes.Buffer
	client.Stdout, client.Stderr = &out, &errs
	if err := client.Run(); err != nil {
		return "", fmt.Errorf("%w: %s", err, errs.String())
	}
	return strings.TrimSpace(out.String()), nil
}

// MustExec is Exec for statements that have to succeed.
func (s *DatabaseServer) MustExec(t testing.TB, database, statements string) string {
	t.Helper()
	out, err := s.Exec(database, statements)
	if err != nil {
		t.Fatalf("running %s: %v", statements, err)
	}
	return out
}

// StartPostgres starts a PostgreSQL server that ends with the test. Without one on
// this machine the test is skipped; where CI=true it fails.
func StartPostgres(t testing.TB) *DatabaseServer {
	t.Helper()
	bin := PostgresPrograms()
	if bin == "" {
		absent(t, "PostgreSQL", "apt-get install postgresql")
	}
	s := newServer(t, "postgres")
	dir := s.folder(t)
	certificate(t, dir, s)
	write(t, s, filepath.Join(dir, "password"), s.Password)
	data := filepath.Join(dir, "data")
	s.run(t, filepath.Join(bin, "initdb"), "--pgdata="+data, "--username="+s.User, "--pwfile="+filepath.Join(dir, "password"),
		"--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync")
	s.start(t, "QUIT", filepath.Join(bin, "postgres"), "-D", data, "-p", strconv.Itoa(s.Port), "-c", "listen_addresses=127.0.0.1",
		"-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "ssl=on", "-c", "ssl_cert_file="+filepath.Join(dir, "server.pem"),
		"-c", "ssl_key_file="+filepath.Join(dir, "server.key"), "-c", "max_connections=30", "-c", "timezone=America/New_York", "-c", "datestyle=German")
	s.env = []string{"PGPASSWORD=" + s.Password, "PGCONNECT_TIMEOUT=5"}
	s.command = func(database string) []string {
		if database == "" {
			database = "postgres"
		}
		return []string{filepath.Join(bin, "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", strconv.Itoa(s.Port), "-U", s.User, "-d", database}
	}
	s.await(t)
	return s
}

// PostgresPrograms is the folder of the newest PostgreSQL server on this machine, or "".
func PostgresPrograms() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	slices.SortFunc(found, func(a, b string) int { return len(a) - len(b)*2 + strings.Compare(a, b) })
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1])
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	return ""
}

// StartMariaDB starts a MariaDB server that ends with the test. Without one on this
// machine the test is skipped; where CI=true it fails.
func StartMariaDB(t testing.TB) *DatabaseServer {
	t.Helper()
	server, client := program("mariadbd"), program("mariadb")
	install := program("mariadb-install-db")
	if server == "" || client == "" || install == "" {
		absent(t, "MariaDB", "apt-get install mariadb-server")
	}
	s := newServer(t, "mysql")
	dir := s.folder(t)
	certificate(t, dir, s)
	data, socket := filepath.Join(dir, "data"), filepath.Join(dir, "s")
	s.run(t, install, "--no-defaults", "--datadir="+data, "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve")
	s.start(t, "KILL", server, "--no-defaults", "--datadir="+data, "--socket="+socket, "--port="+strconv.Itoa(s.Port), "--bind-address=127.0.0.1",
		"--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0", "--default-time-zone=-05:00", "--character-set-server=latin1",
		"--ssl-cert="+filepath.Join(dir, "server.pem"), "--ssl-key="+filepath.Join(dir, "server.key"))
	s.command = func(database string) []string {
		return []string{client, "--no-defaults", "--batch", "--skip-column-names", "--default-character-set=utf8mb4", "--socket=" + socket, "-uroot", database}
	}
	s.await(t)
	s.MustExec(t, "", fmt.Sprintf("create user '%s'@'%%' identified by '%s'; grant all on *.* to '%s'@'%%' with grant option", s.User, s.Password, s.User))
	return s
}

func program(name string) string {
	for _, dir := range []string{"/usr/sbin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"} {
		if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return path
		}
	}
	return ""
}

// newServer picks a port and, for root, the user to run as: servers refuse root.
func newServer(t testing.TB, account string) *DatabaseServer {
	t.Helper()
	port, err := strconv.Atoi(freePort(t))
	must(t, err)
	s := &DatabaseServer{Host: "localhost", Port: port, User: "pemilik", Password: "rahasia-server-4711"}
	if os.Geteuid() != 0 {
		return s
	}
	for _, name := range []string{account, "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, _ := strconv.Atoi(u.Uid)
			gid, _ := strconv.Atoi(u.Gid)
			s.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
			return s
		}
	}
	t.Fatalf("there is no unprivileged user to run a server as: neither %s nor nobody", account)
	return nil
}

// folder is a new folder of the server's. It lies right in the temporary folder:
// a test's own lies in folders that the server's user may not enter.
func (s *DatabaseServer) folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "lindung-db-")
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s.give(t, dir)
	return dir
}

func (s *DatabaseServer) give(t testing.TB, path string) {
	t.Helper()
	if s.as != nil {
		must(t, os.Chown(path, int(s.as.Uid), int(s.as.Gid)))
	}
}

func write(t testing.TB, s *DatabaseServer, path, text string) {
	t.Helper()
	must(t, os.WriteFile(path, []byte(text), 0o600))
	s.give(t, path)
}

func (s *DatabaseServer) program(args ...string) *exec.Cmd {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = os.TempDir()
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.as, Setpgid: true}
	return cmd
}

func (s *DatabaseServer) run(t testing.TB, args ...string) {
	t.Helper()
	cmd := s.program(args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", args[0], err, out)
	}
}

// start runs the server under a shell that ends it, by the signal named, when our
// end of a pipe closes: also when the test is killed.
func (s *DatabaseServer) start(t testing.TB, end string, args ...string) {
	t.Helper()
	const script = `end=$1; shift; "$@" & server=$!; cat >/dev/null; kill -$end $server; wait`
	cmd := s.program(append([]string{"/bin/sh", "-c", script, "sh", end}, args...)...)
	log := &serverLog{}
	cmd.Stdout, cmd.Stderr = log, log
	pipe, err := cmd.StdinPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = pipe.Close()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("what the server wrote:\n%s", tail(log.String(), 4000))
		}
	})
}

// await waits until the server answers.
func (s *DatabaseServer) await(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		_, err := s.Exec("", "select 1")
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the server does not answer: %v", err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}
