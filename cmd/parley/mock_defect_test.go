package main

import (
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("parley mock with a defect", func() {
	It("breaks the rule for everybody, says so, and the suite finds it by name", func() {
		m := runMock("--defect", "get-me/field:name~dropped")
		Expect(m.stdout.String()).To(ContainSubstring("It breaks get-me/field:name on purpose: Answers of get-me: `name` is left out."))
		status, stdout := verifies("assistloop", "--target", m.ready["base_url"], "--token", m.ready["token"], "--requirement", "get-me")
		Expect(status).To(Equal(1))
		Expect(stdout).To(ContainSubstring("FAIL get-me/field:name MUST"))
	})

	It("breaks it for the one request that asks for it", func() {
		m := runMock()
		r, err := http.NewRequest("GET", m.ready["base_url"]+"/oauth/me", nil)
		Expect(err).NotTo(HaveOccurred())
		r.Header.Set("Authorization", "Bearer "+m.ready["token"])
		r.Header.Set("Parley-Defect", "get-me/served~500")
		response, err := http.DefaultClient.Do(r)
		Expect(err).NotTo(HaveOccurred())
		response.Body.Close()
		Expect(response.StatusCode).To(Equal(http.StatusInternalServerError))
		Expect(m.get(http.DefaultClient, "/oauth/me")).To(Equal(http.StatusOK))
	})
})
