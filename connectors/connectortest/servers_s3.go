package connectortest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"golang.org/x/sys/unix"
)

// What every S3 server may be read with.
const (
	S3AccessKey = "lindungtest"
	S3SecretKey = "kenari-kunci-rahasia"
	S3Region    = "ap-southeast-3"
	// s3Version is the server's version; `make servers` builds this one.
	s3Version = "v1.8.0"
)

// An S3Server is a real S3 server on this machine: the Versity gateway over a folder.
type S3Server struct {
	Address string // host:port
	CA      string // the certificate to trust, of a server with TLS
}

// StartS3 starts an S3 server, or ends the test when there is none. Of several tests
// that start one each gets an empty one.
func StartS3(t testing.TB, withTLS bool) *S3Server {
	t.Helper()
	program := s3Program(t)
	// Not t.TempDir, whose name may be too long for what the server puts in it.
	dir, err := os.MkdirTemp("", "lindung-s3-")
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	objects, sidecar := filepath.Join(dir, "objects"), filepath.Join(dir, "sidecar")
	must(t, os.Mkdir(objects, 0o755), os.Mkdir(sidecar, 0o755))
	s := &S3Server{}
	var tlsFlags []string
	if withTLS {
		s.CA = makeCertificate(t, dir)
		tlsFlags = []string{"--cert", filepath.Join(dir, "cert.pem"), "--key", filepath.Join(dir, "key.pem")}
	}
	s.Address = runServer(t, func(port string) *exec.Cmd {
		flags := append([]string{"--port", net.JoinHostPort("127.0.0.1", port), "--region", S3Region,
			"--access", S3AccessKey, "--secret", S3SecretKey, "--quiet", "--keep-alive"}, tlsFlags...)
		flags = append(flags, "posix")
		if !keepsAttributes(dir) {
			flags = append(flags, "--sidecar", sidecar) // slower
		}
		cmd := exec.Command(program, append(flags, objects)...)
		cmd.Dir, cmd.Env = dir, []string{"PATH=/usr/bin:/bin", "HOME=" + dir}
		return cmd
	})
	return s
}

// keepsAttributes reports whether a folder's file system keeps what the server notes
// about an object beside its bytes.
func keepsAttributes(dir string) bool {
	return unix.Setxattr(dir, "user.lindung", []byte("1"), 0) == nil
}

// s3Program is where the server is: installed, or built by `make servers`.
func s3Program(t testing.TB) string {
	t.Helper()
	if program, err := exec.LookPath("versitygw"); err == nil {
		return program
	}
	cache, err := os.UserCacheDir()
	must(t, err)
	program := filepath.Join(cache, "lindung", "versitygw-"+s3Version, "versitygw")
	if !exists(program) {
		absent(t, "versitygw", "make servers")
	}
	return program
}

// makeCertificate writes a certificate for this machine that vouches for itself.
func makeCertificate(t testing.TB, dir string) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "lindung test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2120, 1, 1, 0, 0, 0, 0, time.UTC),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	must(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	must(t, err)
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})
	must(t, os.WriteFile(filepath.Join(dir, "cert.pem"), text, 0o600),
		os.WriteFile(filepath.Join(dir, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	return string(text)
}

// MakeBucket makes an empty bucket on a server without TLS.
func MakeBucket(t testing.TB, s *S3Server, name string) {
	t.Helper()
	client, err := minio.New(s.Address, &minio.Options{
		Creds:  credentials.NewStaticV4(S3AccessKey, S3SecretKey, ""),
		Region: S3Region, BucketLookup: minio.BucketLookupPath,
	})
	must(t, err)
	must(t, client.MakeBucket(t.Context(), name, minio.MakeBucketOptions{Region: S3Region}))
}
