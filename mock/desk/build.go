package desk

import "github.com/parley-contracts/parley/fixtures/fake"

const (
	defaultOrganizations = 2
	defaultConversations = 60
	messagesEach         = 10 // by default
)

// build fills a new desk: the owner's account, somebody else's, and conversations of both.
func (d *Desk) build(o Options) {
	organizations := orDefault(o.Organizations, defaultOrganizations)
	agents := make([]int, organizations)
	for i := range agents {
		agents[i] = orDefault(o.Agents, 2)
	}
	if o.Agents <= 0 {
		agents[0] = 3
	}
	mine := d.open(agents)
	others := d.open([]int{orDefault(o.Agents, 2)})
	if !o.Empty {
		conversations := orDefault(o.Conversations, defaultConversations)
		d.fill(append(mine, others...), conversations, orDefault(o.Messages, messagesEach*conversations))
	}
}

// AddAccount brings a new account with an organization, an agent and a few conversations of its own, which nobody else can
// see. In a world that started empty there are no conversations.
func (d *Desk) AddAccount() Account {
	const conversations = 4
	d.writer.Lock()
	defer d.writer.Unlock()
	agents := d.open([]int{1})
	if !d.empty {
		d.fill(agents, conversations, messagesEach*conversations)
	}
	return d.accounts[d.ids.id(anAccount, d.numbers.account)].Account
}

// team is an agent with the people who take over from it.
type team struct {
	Agent
	organization string // its name
	staff        []fake.Person
}

// open brings an account that is a member of one organization for each number of agents.
func (d *Desk) open(agents []int) []team {
	var teams []team
	var opened AccountOpened
	owner := d.fake.Person()
	opened.Account = Account{ID: d.ids.id(anAccount, next(&d.numbers.account)), Name: owner.Name, Email: owner.Email}
	for _, n := range agents {
		o := Organization{ID: d.ids.id(anOrganization, next(&d.numbers.organization)), Name: d.fake.Organization()}
		opened.Organizations = append(opened.Organizations, o)
		opened.Account.Organizations = append(opened.Account.Organizations, o.ID)
		staff := []fake.Person{owner, d.fake.Staff(o.Name), d.fake.Staff(o.Name)}
		for i := range n {
			a := Agent{ID: d.ids.id(anAgent, next(&d.numbers.agent)), Name: d.fake.Agent(i), Organization: o.ID}
			opened.Agents = append(opened.Agents, a)
			teams = append(teams, team{a, o.Name, staff})
		}
	}
	d.commit(d.now(), opened)
	return teams
}

func orDefault(n, otherwise int) int {
	if n <= 0 {
		return otherwise
	}
	return n
}
