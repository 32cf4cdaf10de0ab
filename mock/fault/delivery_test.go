package fault_test

import (
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/mock/fault"
)

// nth is the first attempt to deliver the nth event.
func nth(n int) fault.Delivery {
	return fault.Delivery{ID: fmt.Sprint("evt_", n), Event: start, Subscription: "whk_1", URL: "https://hook.example/a/b", Attempt: 1, Signed: true}
}

func hits(faults *fault.Faults, deliveries ...fault.Delivery) (applied []string) {
	for _, d := range deliveries {
		applied = append(applied, "")
		if met := faults.ForDelivery(d); met != nil {
			applied[len(applied)-1] = met.Applied
		}
	}
	return applied
}

var _ = Describe("Faults of deliveries", func() {
	It("do nothing unless asked", func() {
		Expect(fault.New(7, contract).ForDelivery(nth(1))).To(BeNil())
		Expect(started(7, "*=503").ForDelivery(nth(1))).To(BeNil())
	})

	It("strike an event, or all of them", func() {
		other := nth(1)
		other.Event = "human_handoff_required"
		Expect(hits(started(7, "new_conversation=duplicate"), nth(1), other)).To(Equal([]string{"duplicate=1", ""}))
		Expect(hits(started(7, "deliveries=duplicate=3"), nth(1), other)).To(Equal([]string{"duplicate=3", "duplicate=3"}))
	})

	DescribeTable("strike what they describe, and nothing else", func(conditions string, change func(*fault.Delivery)) {
		faults, hit := started(7, "deliveries=reorder:"+conditions), nth(1)
		change(&hit)
		Expect(hits(faults, hit, nth(1))).To(Equal([]string{"reorder", ""}))
	},
		Entry("a subscription", "subscription=whk_2", func(d *fault.Delivery) { d.Subscription = "whk_2" }),
		Entry("a target", "target=*//other.example/**", func(d *fault.Delivery) { d.URL = "https://other.example/c/d" }),
		Entry("an attempt", "attempt=2", func(d *fault.Delivery) { d.Attempt = 2 }),
		Entry("a number", "first=1", func(*fault.Delivery) {}),
	)

	It("strike the same attempts for the same seed, in whatever order they come", func() {
		one, two, three := started(7, "deliveries=drop:0.5"), started(7, "deliveries=drop:0.5"), started(8, "deliveries=drop:0.5")
		forth, back, other := map[string]bool{}, map[string]bool{}, map[string]bool{}
		for i := range 200 {
			forth[nth(i).ID] = one.ForDelivery(nth(i)) != nil
			back[nth(199-i).ID] = two.ForDelivery(nth(199-i)) != nil
			other[nth(i).ID] = three.ForDelivery(nth(i)) != nil
		}
		Expect(forth).To(Equal(back))
		Expect(forth).NotTo(Equal(other))
	})

	It("choose a length anew for each", func() {
		faults := started(7, "deliveries=delay=1s..1h,repeat=1m")
		one, two := faults.ForDelivery(nth(1)), faults.ForDelivery(nth(2))
		Expect(one.Late).NotTo(Equal(two.Late))
		Expect(one.Again).To(Equal(time.Minute))
		Expect(one.Applied).To(Equal("delay=" + one.Late.String() + ",repeat=1m0s"))
	})

	DescribeTable("spare the last attempts, so that every event arrives", func(act string) {
		last := nth(1)
		last.Attempt, last.Spared = 4, true
		Expect(hits(started(7, "deliveries="+act), nth(1), last)).To(HaveExactElements(Not(BeEmpty()), BeEmpty()))
		Expect(started(7, "deliveries="+act+":attempt=4").ForDelivery(last)).NotTo(BeNil(), "unless it is named")
	},
		Entry("drop", "drop"),
		Entry("a bad signature", "signature=bad"),
		Entry("an old timestamp", "timestamp=old"),
	)

	It("do not strike a signature where there is none", func() {
		unsigned := nth(1)
		unsigned.Signed = false
		Expect(started(7, "deliveries=signature=bad").ForDelivery(unsigned)).To(BeNil())
	})
})
