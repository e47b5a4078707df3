package samples

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"os"
	"path"
	"slices"
	"sync"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// The credentials of the sample SFTP server. They open nothing else.
const (
	// SFTPUser may log in to the sample SFTP server, with SFTPPassword.
	SFTPUser     = "contoh"
	SFTPPassword = "contoh-sandi-bukan-sungguhan"
)

// sftpFolder is where the lender's files lie; those of a partner's feed lie in a folder of its name.
const sftpFolder = "/keluar"

// An SFTPServer is where the sample's lender and its partners leave their files.
type SFTPServer struct {
	// Host and Port are its address, HostKey the key that it shows.
	Host, Port, HostKey string
	// Stop ends it.
	Stop func()
}

// ServeSFTP starts the sample SFTP server on a free port of this machine's loopback
// address, with a host key that is made anew each time.
func (w *World) ServeSFTP(now func() time.Time) (*SFTPServer, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making the sample server's host key: %w", err)
	}
	key, err := ssh.NewSignerFromKey(private)
	if err != nil {
		return nil, fmt.Errorf("making the sample server's host key: %w", err)
	}
	config := &ssh.ServerConfig{PasswordCallback: func(c ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
		if c.User() != SFTPUser || string(password) != SFTPPassword {
			return nil, errors.New("user or password is wrong")
		}
		return nil, nil
	}}
	config.AddHostKey(key)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("starting the sample SFTP server: %w", err)
	}
	store := &sftpStore{folders: map[string]func(time.Time) []handover{sftpFolder: w.handovers(&loanRegister)}, now: now}
	for feed, files := range w.filesBy(overSFTP) {
		store.folders["/"+feed] = files
	}
	go func() { // it ends when Stop closes the listener
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go store.serve(connection, config)
		}
	}()
	host, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return nil, fmt.Errorf("reading the sample SFTP server's address: %w", err)
	}
	return &SFTPServer{Host: host, Port: port, HostKey: string(bytes.TrimSpace(ssh.MarshalAuthorizedKey(key.PublicKey()))), Stop: func() { _ = listener.Close() }}, nil
}

// sftpStore serves folders of files for reading. The files of a folder are made when it is asked for.
type sftpStore struct {
	sync.Mutex
	folders map[string]func(now time.Time) []handover
	now     func() time.Time
}

func (s *sftpStore) serve(connection net.Conn, config *ssh.ServerConfig) {
	defer connection.Close()
	session, channels, requests, err := ssh.NewServerConn(connection, config)
	if err != nil {
		return // whoever it was did not show who it is
	}
	defer session.Close()
	go ssh.DiscardRequests(requests)
	for offer := range channels {
		if offer.ChannelType() != "session" {
			_ = offer.Reject(ssh.UnknownChannelType, "only sessions")
			continue
		}
		channel, asked, err := offer.Accept()
		if err != nil {
			return
		}
		go func() {
			for r := range asked {
				wanted := struct{ Name string }{}
				ok := r.Type == "subsystem" && ssh.Unmarshal(r.Payload, &wanted) == nil && wanted.Name == "sftp"
				_ = r.Reply(ok, nil)
			}
		}()
		server := sftp.NewRequestServer(channel, sftp.Handlers{FileGet: s, FilePut: s, FileCmd: s, FileList: s})
		_ = server.Serve() // until the client leaves
		_ = server.Close()
	}
}

// in gives the files of a folder; ok is false where there is none.
func (s *sftpStore) in(folder string) (files []handover, ok bool) {
	s.Lock()
	defer s.Unlock()
	made, ok := s.folders[folder]
	if !ok {
		return nil, false
	}
	return made(s.now()), true
}

// Fileread opens a file.
func (s *sftpStore) Fileread(r *sftp.Request) (io.ReaderAt, error) {
	files, _ := s.in(path.Dir(r.Filepath))
	for _, f := range files {
		if f.name == path.Base(r.Filepath) {
			return bytes.NewReader(f.text), nil
		}
	}
	return nil, os.ErrNotExist
}

// Filewrite refuses: the sample is there to be read.
func (s *sftpStore) Filewrite(*sftp.Request) (io.WriterAt, error) {
	return nil, sftp.ErrSSHFxPermissionDenied
}

// Filecmd refuses likewise.
func (s *sftpStore) Filecmd(*sftp.Request) error { return sftp.ErrSSHFxPermissionDenied }

// Filelist lists the folder and describes files.
func (s *sftpStore) Filelist(r *sftp.Request) (sftp.ListerAt, error) {
	var found sftpListing
	_, folder := s.folders[r.Filepath]
	switch {
	case r.Method == "List" && r.Filepath == "/":
		for _, name := range slices.Sorted(maps.Keys(s.folders)) {
			found = append(found, sftpEntry{name: path.Base(name), folder: true})
		}
		return found, nil
	case r.Method != "List" && (folder || r.Filepath == "/"):
		return sftpListing{sftpEntry{name: path.Base(r.Filepath), folder: true}}, nil
	}
	within := r.Filepath
	if !folder {
		within = path.Dir(r.Filepath)
	}
	files, _ := s.in(within)
	for _, f := range files {
		if folder || f.name == path.Base(r.Filepath) {
			found = append(found, sftpEntry{name: f.name, size: int64(len(f.text)), at: f.at})
		}
	}
	if len(found) == 0 && !folder {
		return nil, os.ErrNotExist
	}
	return found, nil
}

type sftpListing []fs.FileInfo

// ListAt copies a part of the listing.
func (l sftpListing) ListAt(into []fs.FileInfo, offset int64) (int, error) {
	if offset >= int64(len(l)) {
		return 0, io.EOF
	}
	n := copy(into, l[offset:])
	if n < len(into) {
		return n, io.EOF
	}
	return n, nil
}

// sftpEntry is one line of a listing.
type sftpEntry struct {
	name   string
	size   int64
	at     time.Time
	folder bool
}

// Name, Size, Mode, ModTime, IsDir and Sys are what a listing shows.
func (e sftpEntry) Name() string       { return e.name }
func (e sftpEntry) Size() int64        { return e.size }
func (e sftpEntry) ModTime() time.Time { return e.at }
func (e sftpEntry) IsDir() bool        { return e.folder }
func (e sftpEntry) Sys() any           { return nil }
func (e sftpEntry) Mode() fs.FileMode {
	if e.folder {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
