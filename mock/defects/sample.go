package defects

import "slices"

// samples answers samples that keep to the schema and not to the rules, and messages likewise.
func samples() []Defect {
	handoffs := func(c *call) bool { return c.query.Get("type") == "human_handoff_required" }
	edited := func(is func(*call) bool, path string, value any) play {
		return onPage("recent-sample", is, func(_ *call, items []map[string]any) []map[string]any {
			for _, i := range items {
				put(any(i), path, false, value)
			}
			return items
		})
	}
	news := func(c *call) bool { return c.query.Get("type") == "new_conversation" }
	plain := func(c *call) bool { return !c.query.Has("type") }
	return []Defect{
		defect(Value, "recent-sample/type-new-conversation", "renamed", "Samples of new_conversation say that they are of human_handoff_required.", edited(news, "event", "human_handoff_required")),
		defect(Value, "recent-sample/type-handoff", "renamed", "Samples of human_handoff_required say that they are of new_conversation.", edited(handoffs, "event", "new_conversation")),
		defect(Value, "recent-sample/type-default", "renamed", "Samples without a type say that they are of human_handoff_required.", edited(plain, "event", "human_handoff_required")),
		defect(Value, "recent-sample/type-handoff", "initial", "Samples of human_handoff_required have initial_message in place of last_message.",
			onPage("recent-sample", handoffs, func(_ *call, items []map[string]any) []map[string]any {
				for _, i := range items {
					if data := object(i, "data"); data != nil {
						data["initial_message"] = data["last_message"]
						delete(data, "last_message")
					}
				}
				return items
			})),
		defect(Value, "recent-sample/type-handoff", "both", "Samples of human_handoff_required have initial_message, too.",
			onPage("recent-sample", handoffs, func(_ *call, items []map[string]any) []map[string]any {
				for _, i := range items {
					if data := object(i, "data"); data != nil {
						data["initial_message"] = data["last_message"]
					}
				}
				return items
			})),
		defect(Value, "recent-sample/handoff-mode", "ai", "Samples of human_handoff_required are in ai mode.", edited(handoffs, "data.conversation.response_mode", "ai")),
		defect(Order, "recent-sample/newest", "oldest", "Samples are not of the newest conversations.",
			onPage("recent-sample", func(c *call) bool { return c.query.Get("limit") == "3" }, func(c *call, items []map[string]any) []map[string]any {
				more := c.again()
				more.query.Set("limit", "10")
				if all := more.send().items(); len(all) > len(items) {
					return all[len(all)-len(items):]
				}
				return items
			})),
	}
}

func messages() []Defect {
	of := func(kind, field string, value any) play {
		return onItems("find-messages", func(i map[string]any) {
			if text(i, "type") == kind {
				i[field] = value
			}
		})
	}
	// action puts an entry beside a conversation's first message, wherever that shows.
	action := func(c *call, items []map[string]any) []map[string]any {
		at := -1
		c.memory.do(func() {
			if n := len(items); n > 0 && unfiltered(c) && n < c.size(20) && c.memory.firsts[c.id] == "" {
				c.memory.firsts[c.id] = key(items[n-1])
			}
			at = slices.IndexFunc(items, func(i map[string]any) bool { return key(i) == c.memory.firsts[c.id] })
		})
		if at < 0 {
			return items
		}
		extra := clone(items[at])
		extra["type"], extra["responder_type"], extra["content"] = "platform_action", nil, "The conversation was assigned."
		for _, name := range identities {
			if id := text(extra, name); id != "" {
				extra[name] = id[:len(id)-1] + "-action"
			}
		}
		return head(slices.Insert(items, at+1, extra), c.size(20))
	}
	return []Defect{
		defect(Order, "find-messages/newest-first", "oldest-first", "Messages come oldest first.",
			onPage("find-messages", always, func(_ *call, items []map[string]any) []map[string]any { return reversed(items) })),
		defect(Order, "find-messages/newest-first", "one-late", "One message stands behind an older one.",
			onPage("find-messages", always, func(_ *call, items []map[string]any) []map[string]any {
				if n := len(items); n > 1 {
					items[0], items[n-1] = items[n-1], items[0]
				}
				return items
			})),
		defect(Extra, "find-messages/no-platform-actions", "shown", "An entry of type platform_action is among the messages.",
			onPage("find-messages", always, action)).
			with("the type is one that the field does not have", "find-messages/field:type"),
		defect(Value, "find-messages/guest-responder", "ai", "A guest's message has responder_type ai.", of("guest", "responder_type", "ai")),
		defect(Value, "find-messages/guest-responder", "human", "A guest's message has responder_type human_assistant.", of("guest", "responder_type", "human_assistant")),
		defect(Value, "find-messages/agent-responder", "null", "An agent's message has responder_type null.", of("agent", "responder_type", nil)).
			with("a reply is an agent's message", "reply-to-conversation/responder"),
		defect(Value, "find-messages/guest-responder", "swapped", "Messages of guests say that they are agents', and the other way round.",
			onItems("find-messages", func(i map[string]any) {
				i["type"] = map[string]string{"guest": "agent", "agent": "guest"}[text(i, "type")]
			})).with("the type is wrong both ways", "find-messages/agent-responder", "reply-to-conversation/type", "deliveries/message"),
		defect(Value, "list-conversations/status-open", "negated", "Conversations have the opposite of their status.",
			onItems("list-conversations", func(i map[string]any) { open, _ := i["status"].(bool); i["status"] = !open })).
			with("the status is wrong both ways", "list-conversations/status-closed", "close-conversation/*"),
		defect(Value, "list-conversations/mode-ai", "swapped", "Conversations have the other response_mode.",
			onItems("list-conversations", func(i map[string]any) {
				i["response_mode"] = map[string]string{"ai": "human", "human": "ai"}[text(i, "response_mode")]
			})).with("the mode is wrong both ways", "list-conversations/mode-human", "reply-to-conversation/mode"),
	}
}

func reversed(items []map[string]any) []map[string]any {
	out := make([]map[string]any, 0, len(items))
	for n := len(items) - 1; n >= 0; n-- {
		out = append(out, items[n])
	}
	return out
}
