package reading

import (
	"encoding/json"
	"strings"
	"time"
)

// A worded is a choice that changes bodies alone.
type worded struct {
	choice         Choice
	answers, hooks bool
	reword         rewording
}

// rewordings are all of them, in the order in which they act.
func rewordings() []worded {
	return []worded{
		{ErrorSlug, true, false, inErrors(func(o object) { o["error"] = slug(text(o, "error")) })},
		{ErrorAbsent, true, false, inErrors(func(o object) { delete(o, "error") })},
		{SmallBearer, true, false, of("token", func(o object) {
			if text(o, "token_type") != "" {
				o["token_type"] = "bearer"
			}
		})},
		{ScopeUntold, true, false, of("token", func(o object) { delete(o, "scope") })},
		{NoRefresh, true, false, of("token", func(o object) { delete(o, "refresh_token"); delete(o, "expires_in") })},
		{EmailArtefact, true, false, of("get-me", func(o object) { set(o, "email", "[email protected]") })},
		{EmailNull, true, false, of("get-me", func(o object) { set(o, "email", nil) })},
		{RetryAfterWhole, true, false, everywhere(func(o object) { set(o, "retry_after", json.Number("60")) })},

		{IDsDiffer, true, false, everywhere(otherID)},
		{DeletedAbsent, true, false, of("list-conversations", func(o object) { delete(o, "deleted_at") })},
		{DeletedTold, true, false, of("list-conversations", func(o object) {
			if open, _ := o["status"].(bool); !open {
				set(o, "deleted_at", o["updated_at"])
			}
		})},
		{ListTimesAbsent, true, false, of("list-conversations", func(o object) { delete(o, "created_at"); delete(o, "updated_at") })},
		{CountryDial, true, false, everywhere(func(o object) { set(o, "country_code", "+49") })},
		{CountryNull, true, false, everywhere(func(o object) { set(o, "country_code", nil) })},
		{Anonymous, true, true, everywhere(func(o object) {
			if guest := inner(o, "chat_user"); guest != nil {
				guest["name"], guest["email"] = nil, nil
			}
		})},
		{NullsFilled, true, false, of("find-messages", func(o object) {
			set(o, "is_read", true)
			set(o, "status", object{"delivered": json.Number("1")})
			set(o, "emailed_at", o["created_at"])
			set(o, "email_opened_at", json.Number("0"))
		})},
		{OpenFieldsOther, true, false, everywhere(otherOpenFields)},
		{HandoffModeAI, true, true, everywhere(func(o object) {
			if c := inner(o, "data", "conversation"); c != nil && text(o, "event") == "human_handoff_required" {
				c["response_mode"] = "ai"
			}
		})},
		{EventIDConversation, true, true, everywhere(func(o object) {
			if c := inner(o, "data", "conversation"); c != nil {
				o["id"] = c["uuid"]
			}
		})},

		{TimesSeconds, true, true, everywhere(times("2006-01-02T15:04:05Z", time.UTC))},
		{TimesMillis, true, true, everywhere(times("2006-01-02T15:04:05.000Z", time.UTC))},
		{TimesNanos, true, true, everywhere(times("2006-01-02T15:04:05.000000000+00:00", time.UTC))},
		{TimesOffset, true, true, everywhere(times("2006-01-02T15:04:05.000000-07:00", time.FixedZone("", 5*3600+1800)))},
		{ExtraFields, true, true, everywhere(func(o object) { o["_revision"], o["links"] = json.Number("7"), object{"self": nil} })},
	}
}

// everywhere changes every object.
func everywhere(change func(object)) rewording {
	return func(_ string, body any) { each(body, change) }
}

// of changes the object that an operation answers, or those of its list. An error is none of them.
func of(op string, change func(object)) rewording {
	return func(subject string, body any) {
		if subject != op {
			return
		}
		for _, o := range items(body) {
			change(o)
		}
	}
}

// inErrors changes a body that is an error's. No other has an `error`.
func inErrors(change func(object)) rewording {
	return func(_ string, body any) {
		if o, ok := body.(object); ok && text(o, "error") != "" {
			change(o)
		}
	}
}

// set changes a field where there is one.
func set(o object, name string, value any) {
	if _, has := o[name]; has {
		o[name] = value
	}
}

// otherID gives another `id` to what has an id of another name beside it. A message has two anyway.
func otherID(o object) {
	for _, name := range []string{"uuid", "organization_uuid", "agent_uuid"} {
		if id := text(o, name); id != "" && id == text(o, "id") {
			o["id"] = "row-" + id[max(0, len(id)-12):]
		}
	}
}

func otherOpenFields(o object) {
	set(o, "via", "email/imap")
	if id := text(o, "session_id"); id != "" {
		o["session_id"] = strings.ToUpper(strings.TrimPrefix(id, "sess_"))
	}
	if files, _ := o["attachments"].([]any); len(files) > 0 {
		o["attachments"] = []any{"photo.jpg", json.Number("3"), nil}
	}
}

// times writes timestamps in another layout.
func times(layout string, zone *time.Location) func(object) {
	return func(o object) {
		for name, value := range o {
			at, ok := value.(string)
			if !ok || name != "timestamp" && !strings.HasSuffix(name, "_at") {
				continue
			}
			if t, err := time.Parse(time.RFC3339, at); err == nil {
				o[name] = t.In(zone).Format(layout)
			}
		}
	}
}
