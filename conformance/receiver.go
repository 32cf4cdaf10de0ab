package conformance

import "github.com/parley-contracts/parley/fixtures/receiver"

// Check opens a receiver and closes it again: what is wrong with an address or a file shows before a run.
func (o Receiver) Check() error {
	r, err := openReceiver(o)
	if err != nil {
		return err
	}
	return r.Close()
}

func openReceiver(o Receiver) (*receiver.Receiver, error) {
	return receiver.Open(receiver.Options{
		Listen: o.Listen, URL: o.URL, AuthorityFile: o.CA, CertFile: o.Cert, KeyFile: o.Key,
	})
}
