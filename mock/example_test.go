package mock_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/parley-contracts/parley/mock"
)

// The whole mock in a test's own process.
func Example() {
	m, err := mock.New(mock.Options{Seed: 7})
	if err != nil {
		panic(err)
	}
	defer m.Close()
	server := httptest.NewServer(m.Handler())
	defer server.Close()
	ready := m.Ready(server.URL)

	request, _ := http.NewRequest("GET", ready.BaseURL+"/my/organizations", nil)
	request.Header.Set("Authorization", "Bearer "+ready.Token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	fmt.Println(response.Status)
	// Output: 200 OK
}
