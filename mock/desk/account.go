package desk

import "slices"

// Account is somebody who can connect to AssistLoop.
type Account struct {
	ID            string
	Name          string
	Email         string
	Organizations []string // that it is a member of
}

// Organization is a workspace.
type Organization struct {
	ID, Name string
}

// Agent is an AI agent of an organization.
type Agent struct {
	ID, Name, Organization string
}

type account struct {
	Account
	organizations []*organization
}

type organization struct {
	Organization
	agents  []*agent
	encoded []byte
}

type agent struct {
	Agent
	organization *organization
	encoded      []byte
	shelf        shelf
}

func (c AccountOpened) fold(d *Desk, _ Instant) {
	a := &account{Account: c.Account}
	for _, o := range c.Organizations {
		entry := &organization{Organization: o, encoded: appendOrganization(nil, o)}
		a.organizations = append(a.organizations, entry)
		d.organizations[o.ID] = entry
	}
	for _, g := range c.Agents {
		in := d.organizations[g.Organization]
		entry := &agent{Agent: g, organization: in, encoded: appendAgent(nil, g), shelf: newShelf()}
		in.agents = append(in.agents, entry)
		d.agents[g.ID] = entry
	}
	d.accounts[c.Account.ID] = a
	if d.owner == nil {
		d.owner = a
	}
}

// Owner is the account whose world it is: the first one, and a member of more than one organization unless the options say
// otherwise.
func (d *Desk) Owner() Account {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.owner.Account
}

// Account is the account with an id.
func (d *Desk) Account(id string) (Account, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if a := d.accounts[id]; a != nil {
		return a.Account, true
	}
	return Account{}, false
}

// Example gives ids to try first: the owner's first organization, its first agent and that agent's newest conversation,
// which is empty in an empty world.
func (d *Desk) Example() (organization, agent, conversation string) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	first := d.owner.organizations[0]
	by := first.agents[0]
	for newest := range by.shelf.walk(Query{Window: Always, Limit: 1}) {
		conversation = newest.ID
	}
	return first.ID, by.ID, conversation
}

// AppendOrganizations appends the organizations of an account as a JSON array (Get Workspaces).
func (d *Desk) AppendOrganizations(dst []byte, account string) []byte {
	d.mu.RLock()
	defer d.mu.RUnlock()
	list := newList(dst)
	if a := d.accounts[account]; a != nil {
		for _, o := range a.organizations {
			list.add(o.encoded)
		}
	}
	return list.end()
}

// AppendAgents appends the agents of an organization as a JSON array (Get Agents).
func (d *Desk) AppendAgents(dst []byte, account, organization string) ([]byte, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	o := d.organizations[organization]
	if o == nil {
		return dst, notFound("organization")
	}
	if !d.member(account, o) {
		return dst, d.foreign("organization")
	}
	list := newList(dst)
	for _, a := range o.agents {
		list.add(a.encoded)
	}
	return list.end(), nil
}

// member tells whether an account belongs to an organization.
func (d *Desk) member(account string, o *organization) bool {
	a := d.accounts[account]
	return a != nil && slices.Contains(a.organizations, o)
}

func (d *Desk) agentFor(account, id string) (*agent, error) {
	a := d.agents[id]
	switch {
	case a == nil:
		return nil, notFound("agent")
	case !d.member(account, a.organization):
		return nil, d.foreign("agent")
	}
	return a, nil
}

func (d *Desk) conversationFor(account, id string) (*conversation, error) {
	c := d.conversations[id]
	switch {
	case c == nil:
		return nil, notFound("conversation")
	case !d.member(account, c.agent.organization):
		return nil, d.foreign("conversation")
	}
	return c, nil
}

// Sees tells whether an id of any kind names something that an account can see.
func (d *Desk) Sees(account, id string) bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if o := d.organizations[id]; o != nil {
		return d.member(account, o)
	}
	if s := d.subscriptions[id]; s != nil {
		return s.Account == account
	}
	_, noAgent := d.agentFor(account, id)
	_, noConversation := d.conversationFor(account, id)
	return noAgent == nil || noConversation == nil
}
