package assistloop

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"slices"
	"sync"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi"
	contract "github.com/parley-contracts/parley/openapi/assistloop"
	"github.com/parley-contracts/parley/openapi/check"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// passive judges the exchanges that others have: what one exchange shows by itself (passive_rules.go and beside it), and
// what it shows beside earlier ones (passive_memory.go). Nobody chose these requests to find something out, so that a rule
// concludes only what holds whoever sent what for whatever reason.
type passive struct {
	checker    *check.Contract
	catalogue  *requirements.Catalogue
	operations map[string]openapi.Operation
	rules      map[string][]rule // by operation
	key        []byte            // of the hashes that tell tokens apart

	mu       sync.Mutex
	tally    conformance.Tally
	shapes   *conformance.Shapes
	webhooks *recorded
	arrived  bool
	broken   []string // by the exchange at hand
	seen     map[string]int
	troubles troubles
	bare     bareRequests
	memory   memories
}

func newPassive(checker *check.Contract, catalogue *requirements.Catalogue) *passive {
	j := &passive{
		checker: checker, catalogue: catalogue, operations: map[string]openapi.Operation{}, rules: map[string][]rule{}, key: make([]byte, 16),
		webhooks: newRecorded(checker, catalogue), seen: map[string]int{}, troubles: newTroubles(),
	}
	_, _ = rand.Read(j.key)
	j.shapes = conformance.NewShapes(checker, catalogue, &j.tally, shown)
	for _, op := range contract.Operations() {
		j.operations[op.ID], j.rules[op.ID] = op, rulesOf(op)
	}
	j.memory = newMemories()
	j.tally.Watch(j.hear)
	j.webhooks.Watch(j.hear)
	return j
}

func (j *passive) hear(requirement, _, _ string) {
	if !slices.Contains(j.broken, requirement) {
		j.broken = append(j.broken, requirement)
	}
}

// seen is an exchange with what rules ask of it, read once.
type seen struct {
	*conformance.Exchange
	body any   // the answer's JSON; nil for none, or where it is not known
	page *page // of an answer with a 2xx that is an array
	sent any   // the request's JSON; nil for none, or where it is not known
	odd  bool  // the request's body is no JSON
}

func look(x *conformance.Exchange) *seen {
	s := &seen{Exchange: x, page: &page{x: x, err: errUntold}}
	if !x.Observed.NoBody {
		s.body, s.page = x.Value(), pageOf(x)
	}
	if !x.Observed.NoRequestBody && len(x.RequestBody) > 0 {
		s.odd = json.Unmarshal(x.RequestBody, &s.sent) != nil
	}
	return s
}

// known tells whether the answer's body is known.
func (s *seen) known() bool { return !s.Observed.NoBody }

// fields are the request's object; nil where it is none.
func (s *seen) fields() item {
	o, _ := s.sent.(map[string]any)
	return o
}

// answer is the answer's object; nil where it is none.
func (s *seen) answer() item {
	o, _ := s.body.(map[string]any)
	return o
}

// A rule judges one exchange by itself. It returns nil where that meets the requirement, a *Breach where it does not,
// errTroubled for a 5xx to what should be refused, errDown for one to what should be served, and any other error where it
// shows nothing.
type rule struct {
	requirement string
	judge       func(*seen) error
}

var (
	errUntold   = errors.New("this exchange does not tell")
	errTroubled = errors.New("answered with a 5xx, where a refusal is due")
	errDown     = errors.New("answered with a 5xx")
)

// Exchange is of conformance.TrafficJudge.
func (j *passive) Exchange(x *conformance.Exchange) []string {
	j.name(x)
	s := look(x)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.broken = nil
	j.seen[x.Operation]++
	for _, r := range j.rules[x.Operation] {
		j.count(r.requirement, r.judge(s), x)
	}
	if x.OK() && x.Request.Method == "" && s.known() {
		j.shapes.Answer(x)
	}
	j.bare.take(j, s)
	j.remember(s)
	return j.broken
}

// count counts what one exchange says of a requirement.
func (j *passive) count(requirement string, err error, x *conformance.Exchange) {
	var breach *conformance.Breach
	switch {
	case err == nil, errors.As(err, &breach):
		j.troubles.over(requirement, x)
		j.tally.Of(requirement).Judge(err)
	case err == errDown:
		j.troubles.down(requirement, x)
	case err == errTroubled:
		if err := j.troubles.again(requirement, x); err != nil {
			j.tally.Of(requirement).Judge(err)
		}
	}
}

// name gives the exchange's account a name, that of its token.
func (j *passive) name(x *conformance.Exchange) {
	token := x.RequestHeader.Get("Authorization")
	if token == "" {
		return
	}
	hash := sha256.Sum256(append(j.key[:len(j.key):len(j.key)], token...))
	j.mu.Lock()
	defer j.mu.Unlock()
	x.Account = j.memory.account(string(hash[:]))
}

// Delivery is of conformance.TrafficJudge: a POST to elsewhere that is a webhook's by its looks.
func (j *passive) Delivery(d *conformance.Delivery, _ bool) (broken []string, is bool) {
	data := payload(d.Body).object("data")
	if data.object("conversation") == nil || data.object("agent") == nil {
		return nil, false
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.broken, j.arrived = nil, true
	j.webhooks.Take(d)
	if d.Header.Get("Content-Type") != "" {
		j.webhooks.tally.Of("deliveries/json").Judge(isJSON(d))
	}
	j.memory.secrets.delivered(j, d)
	return j.broken, true
}

// Verdict is of conformance.TrafficJudge.
func (j *passive) Verdict(requirement string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	q, _ := j.catalogue.Lookup(requirement)
	if q.Rule == requirements.EventField || subjectOf(requirement) == "deliveries" {
		if !j.arrived {
			return conformance.Lacking("no webhook was seen in the traffic")
		}
		return j.webhooks.Verdict(requirement)
	}
	if q.Rule == requirements.Unauthenticated {
		return j.bare.verdict(q)
	}
	if because := j.blamed(requirement); because != nil {
		return because
	}
	err := j.tally.Verdict(requirement)
	switch {
	case !isGapError(err):
		return err
	case j.troubles.lasted(requirement) != nil:
		return j.troubles.lasted(requirement)
	case (q.Rule == requirements.FieldShape || q.Rule == requirements.ShouldFormat) && j.seen[q.Operation] > 0:
		return j.shapes.Lacking(q.Operation)
	}
	return j.unseen(q)
}

// rulesOf are the rules for single exchanges of an operation.
func rulesOf(op openapi.Operation) []rule {
	var all []rule
	for _, part := range []func(openapi.Operation) []rule{everyAnswer, everyRefusal, badBodies, badWords, pages, filters, samplePages, messagePages, effects, grantAnswers} {
		all = append(all, part(op)...)
	}
	return all
}
