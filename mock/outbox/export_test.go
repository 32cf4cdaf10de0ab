package outbox

import (
	"context"
	"net"
)

// LeadElsewhere makes every host that is not this machine lead to an address on it.
func (t *Transport) LeadElsewhere(address string) {
	t.elsewhere.Proxy = nil
	t.elsewhere.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	}
}
