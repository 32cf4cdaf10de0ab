package desk

// Stats counts what a desk holds.
type Stats struct {
	Accounts      int    `json:"accounts"`
	Organizations int    `json:"organizations"`
	Agents        int    `json:"agents"`
	Conversations int    `json:"conversations"`
	Messages      int    `json:"messages"` // the platform's entries included
	Subscriptions int    `json:"subscriptions"`
	Events        uint64 `json:"events"`
}

// Stats counts what is there now.
func (d *Desk) Stats() Stats {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return Stats{
		Accounts: len(d.accounts), Organizations: len(d.organizations), Agents: len(d.agents),
		Conversations: len(d.conversations), Messages: d.messages,
		Subscriptions: len(d.subscriptions), Events: d.events,
	}
}
