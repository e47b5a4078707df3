package samples

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// The sample's lender lets in who knows the password, shows one file a delivery, and takes none.
func TestTheSFTPServerHandsOverOneFileADelivery(t *testing.T) {
	now := Deliveries()[1]
	server, err := New(Options{Seed: 1, Scale: .01}).ServeSFTP(func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(server.HostKey))
	if err != nil {
		t.Fatal(err)
	}
	dial := func(password string) (*ssh.Client, error) {
		return ssh.Dial("tcp", net.JoinHostPort(server.Host, server.Port), &ssh.ClientConfig{User: SFTPUser,
			Auth: []ssh.AuthMethod{ssh.Password(password)}, HostKeyCallback: ssh.FixedHostKey(key)})
	}
	if _, err := dial("sandi lain"); err == nil {
		t.Error("a wrong password opens the server")
	}
	connection, err := dial(SFTPPassword)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	client, err := sftp.NewClient(connection)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	files, err := client.ReadDir(sftpFolder)
	if err != nil || len(files) != 2 || !files[1].ModTime().Equal(now) {
		t.Fatalf("%d files (%v), want those of two deliveries", len(files), err)
	}
	f, err := client.Open(sftpFolder + "/" + files[1].Name())
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil || !strings.HasPrefix(string(text), "nomor;nik;") || strings.Count(string(text), "\n") < 2 {
		t.Errorf("the newest file holds %q (%v)", text[:min(len(text), 80)], err)
	}
	if _, err := client.Create(sftpFolder + "/lain.csv"); err == nil {
		t.Error("the server takes files")
	}
	if err := client.Remove(sftpFolder + "/" + files[0].Name()); err == nil {
		t.Error("the server lets files be removed")
	}
}
