package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// notes collects what a command prints while it runs.
type notes struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (n *notes) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.Write(p)
}

func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.String()
}

// runningMock is `parley mock` under way.
type runningMock struct {
	ready          map[string]string
	conversations  map[string]string // the object of the second contract
	file           string
	stop           context.CancelFunc
	status         chan int
	stdout, stderr notes
}

// runMock starts `parley mock` on a free port and waits until it is ready.
func runMock(args ...string) *runningMock {
	GinkgoHelper()
	ctx, stop := context.WithCancel(context.Background())
	m := &runningMock{file: filepath.Join(GinkgoT().TempDir(), "ready.json"), stop: stop, status: make(chan int, 1)}
	Expect(os.WriteFile(m.file, []byte("stale"), 0o600)).To(Succeed())
	args = append([]string{"mock", "--listen", "127.0.0.1:0", "--ready", m.file}, args...)
	go func() { m.status <- Run(ctx, args, nil, &m.stdout, &m.stderr) }()
	DeferCleanup(func() { stop() })
	Eventually(func() error {
		text, err := os.ReadFile(m.file)
		if err != nil {
			return err
		}
		return m.read(text)
	}).Should(Succeed(), func() string { return m.stderr.String() })
	return m
}

// read parts the ready file into what each contract has.
func (m *runningMock) read(text []byte) error {
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(text, &keys); err != nil {
		return err
	}
	m.ready = map[string]string{}
	for key, value := range keys {
		into := any(&m.conversations)
		var text string
		if key != "conversations" {
			into = &text
		}
		if err := json.Unmarshal(value, into); err != nil {
			return err
		}
		if key != "conversations" {
			m.ready[key] = text
		}
	}
	return nil
}

func (m *runningMock) get(client *http.Client, path string) int {
	GinkgoHelper()
	r, err := http.NewRequest("GET", m.ready["base_url"]+path, nil)
	Expect(err).NotTo(HaveOccurred())
	r.Header.Set("Authorization", "Bearer "+m.ready["token"])
	response, err := client.Do(r)
	Expect(err).NotTo(HaveOccurred())
	defer response.Body.Close()
	return response.StatusCode
}

var _ = Describe("parley mock", func() {
	It("serves, with all that a script needs in the ready file", func() {
		m := runMock()
		Expect(m.get(http.DefaultClient, "/automation/agents/"+m.ready["agent_uuid"]+"/conversations/list")).To(Equal(http.StatusOK))
		Expect(m.get(http.DefaultClient, "/organizations/"+m.ready["organization_uuid"]+"/agents")).To(Equal(http.StatusOK))
		Expect(m.get(http.DefaultClient, "/automation/conversations/"+m.ready["conversation_uuid"]+"/messages/find")).To(Equal(http.StatusOK))
		Expect(m.ready).To(And(HaveKey("client_id"), HaveKey("client_secret"), Not(HaveKey("driver_token"))))
		response, err := http.Get(m.ready["driver"])
		Expect(err).NotTo(HaveOccurred())
		response.Body.Close()
		Expect(response.StatusCode).To(Equal(http.StatusOK))
	})

	It("serves Conversations beside it, with an API key that is ready", func() {
		m := runMock()
		Expect(m.conversations).To(And(HaveKey("api_key"), HaveKey("queue_id"), HaveKey("customer_id"), HaveKey("form_id")))
		for _, path := range []string{"conversations/" + m.conversations["conversation_id"], "agents/" + m.conversations["agent_id"]} {
			r, err := http.NewRequest("GET", m.conversations["base_url"]+"/ccaas/1/"+path, nil)
			Expect(err).NotTo(HaveOccurred())
			r.Header.Set("Authorization", m.conversations["authorization"])
			response, err := http.DefaultClient.Do(r)
			Expect(err).NotTo(HaveOccurred())
			response.Body.Close()
			Expect(response.StatusCode).To(Equal(http.StatusOK))
		}
		Expect(m.stdout.String()).To(ContainSubstring(m.conversations["authorization"]))
	})

	It("tells a person the same, with a curl line", func() {
		m := runMock()
		for _, key := range []string{"base_url", "token", "organization_uuid", "agent_uuid", "conversation_uuid", "driver", "client_id"} {
			Expect(m.stdout.String()).To(ContainSubstring(m.ready[key]))
		}
		Expect(m.stdout.String()).To(ContainSubstring("curl -H 'Authorization: Bearer " + m.ready["token"] + "' " + m.ready["base_url"]))
	})

	It("ends with exit status 0 when it is asked to", func() {
		m := runMock()
		m.stop()
		Eventually(m.status).Should(Receive(Equal(0)))
		Expect(m.stderr.String()).To(ContainSubstring("msg=stopped"))
	})

	It("finishes a request that is under way before it ends", func() {
		m := runMock("--fault", "me=slow_body=200ms")
		response, err := http.Get(m.ready["base_url"] + "/oauth/me") // its header has come, and its body is under way
		Expect(err).NotTo(HaveOccurred())
		defer response.Body.Close()
		m.stop()
		body, err := io.ReadAll(response.Body)
		Expect(err).NotTo(HaveOccurred())
		Expect(json.Valid(body)).To(BeTrue(), string(body))
		Eventually(m.status).Should(Receive(Equal(0)))
	})

	It("hands its flags on", func() {
		m := runMock("--seed", "7", "--start-empty", "--control-token", "sesame", "--fault", "me=503", "--rate-limit", "off")
		Expect(m.ready["conversation_uuid"]).To(BeEmpty())
		Expect(m.ready["driver_token"]).To(Equal("sesame"))
		Expect(m.get(http.DefaultClient, "/oauth/me")).To(Equal(http.StatusServiceUnavailable))
		response, err := http.Get(m.ready["driver"])
		Expect(err).NotTo(HaveOccurred())
		response.Body.Close()
		Expect(response.StatusCode).To(Equal(http.StatusUnauthorized))
	})

	It("gives the same tokens and ids for the same seed", func() {
		one, two := runMock("--seed", "9", "--now", "2025-01-02T15:00:00Z"), runMock("--seed", "9", "--now", "2025-01-02T15:00:00Z")
		for _, key := range []string{"token", "agent_uuid", "conversation_uuid", "client_secret"} {
			Expect(one.ready[key]).To(Equal(two.ready[key]))
		}
	})

	It("serves https with a certificate, and nothing in clear then", func() {
		cert, key, pool := selfSigned()
		m := runMock("--tls-cert", cert, "--tls-key", key)
		Expect(m.ready["base_url"]).To(HavePrefix("https://127.0.0.1:"))
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
		DeferCleanup(client.CloseIdleConnections)
		Expect(m.get(client, "/oauth/me")).To(Equal(http.StatusOK))
		m.ready["base_url"] = "http" + m.ready["base_url"][len("https"):]
		Expect(m.get(http.DefaultClient, "/oauth/me")).To(Equal(http.StatusBadRequest))
	})

	DescribeTable("refuses flags on one line, with exit status 2:", func(message string, args ...string) {
		var stdout, stderr notes
		args = append([]string{"mock", "--listen", "127.0.0.1:0"}, args...)
		ctx, stop := context.WithCancel(context.Background())
		stop() // should it serve after all
		Expect(Run(ctx, args, nil, &stdout, &stderr)).To(Equal(2))
		Expect(stderr.String()).To(MatchRegexp(`^parley: [^\n]*\n$`))
		Expect(stderr.String()).To(ContainSubstring(message))
	},
		Entry("a seed of nothing", "--seed: expected a whole number above zero", "--seed", "0"),
		Entry("a time that is none", `--now: expected a time such as 2025-01-02T15:00:00Z, not "noon"`, "--now", "noon"),
		Entry("no conversations", "--start-empty starts without any", "--conversations", "0"),
		Entry("an empty world with some", "starts empty", "--start-empty", "--conversations", "3"),
		Entry("a rate limit", "rate limit", "--rate-limit", "60"),
		Entry("a fault", "did you mean reply?", "--fault", "repyl=503"),
		Entry("a latency", "latency", "--latency", "list"),
		Entry("a certificate without a key", "tls-key", "--tls-cert", "x"),
		Entry("a certificate that is not there", "--tls-cert", "--tls-cert", "/nowhere", "--tls-key", "/nowhere"),
		Entry("authorities that are not there", "--deliver-ca", "--deliver-ca", "/nowhere"),
		Entry("an unknown reading", "did you mean per-page?", "--reading", "per-pag=100"),
		Entry("an unknown defect", "--defect: unknown defect", "--defect", "get-me/served~5xx"),
		Entry("a defect of both contracts", "write assistloop:", "--defect", "deliveries/post~GET"),
		Entry("a defect that takes two ports", "--defect: transport/plain-http", "--defect", "transport/plain-http~served"),
		Entry("a ready file nowhere", "--ready", "--ready", "/nowhere/ready.json"),
		Entry("an address that cannot be", "--listen", "--listen", "127.0.0.1:99999"),
	)
})

// selfSigned writes a certificate for loopback and its key.
func selfSigned() (certFile, keyFile string, pool *x509.CertPool) {
	GinkgoHelper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	Expect(err).NotTo(HaveOccurred())
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	Expect(err).NotTo(HaveOccurred())
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	Expect(err).NotTo(HaveOccurred())
	cert, err := x509.ParseCertificate(der)
	Expect(err).NotTo(HaveOccurred())
	pool = x509.NewCertPool()
	pool.AddCert(cert)
	dir := GinkgoT().TempDir()
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	Expect(os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600)).To(Succeed())
	Expect(os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), 0o600)).To(Succeed())
	return certFile, keyFile, pool
}
