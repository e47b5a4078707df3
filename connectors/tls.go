package connectors

import (
	"crypto/x509"
	"errors"
)

// certificatesOf reads the certificates that a source is trusted by instead of the
// system's. They are public; only their place in the settings is checked here.
func certificatesOf(pem string) (*x509.CertPool, error) {
	if pem == "" {
		return nil, nil
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(pem)) {
		return nil, errors.New("ca: it holds no PEM certificate (-----BEGIN CERTIFICATE-----): name the file as ${file:PATH}")
	}
	return pool, nil
}
