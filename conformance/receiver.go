package conformance

import "github.com/parley-contracts/parley/fixtures/receiver"

func openReceiver(o Receiver) (*receiver.Receiver, error) {
	return receiver.Open(receiver.Options{
		Listen: o.Listen, URL: o.URL, AuthorityFile: o.CA, CertFile: o.Cert, KeyFile: o.Key,
	})
}
