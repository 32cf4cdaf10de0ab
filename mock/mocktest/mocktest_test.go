package mocktest_test

import (
	"net/http"
	"testing"

	"github.com/parley-contracts/parley/mock"
	"github.com/parley-contracts/parley/mock/mocktest"
)

// TestTrouble shows how a test of a client in trouble looks: here the second request meets a rate limit. For a whole
// integration that survives everything, see package integration.
func TestTrouble(t *testing.T) {
	t.Parallel()
	m := mocktest.Start(t, mock.Options{Faults: []string{"me=429,retry_after=5:nth=2"}})
	for n, want := range []int{http.StatusOK, http.StatusTooManyRequests, http.StatusOK} {
		request, err := http.NewRequest("GET", m.BaseURL+"/oauth/me", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+m.Token)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("request %d: answered %s, not %d", n+1, response.Status, want)
		}
		if fault := response.Header.Get("Parley-Fault-Applied"); (fault == "429,retry_after=5") != (n == 1) {
			t.Errorf("request %d: the fault that acted is %q", n+1, fault)
		}
	}
	if seen := m.World().Journal.Requests(2)[1].Fault; seen != "429,retry_after=5" {
		t.Errorf("the journal has the fault %q", seen)
	}
}
