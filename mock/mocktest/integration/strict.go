package integration

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"
)

// tooStrict answers how an endpoint with a bug refuses a body that a fair one takes; 0 where it takes it.
func tooStrict(has func(Bug) bool, text []byte) int {
	var value any
	if json.Unmarshal(text, &value) != nil {
		return 0
	}
	status := 0
	walk("", value, func(key string, value any) {
		text, isText := value.(string)
		switch {
		case has(RefusesNull) && value == nil,
			has(RefusesUnicode) && isText && strings.ContainsFunc(text, func(r rune) bool { return r > 0xff }),
			has(RefusesLongText) && isText && utf8.RuneCountInString(text) > 255:
			status = http.StatusInternalServerError
		case has(RefusesUnknownFields) && key != "" && !documented[key],
			has(RefusesOpaqueIDs) && isText && namesID(key) && !uuid.MatchString(text):
			status = http.StatusUnprocessableEntity
		}
	})
	return status
}

// walk visits every value, with the key that it has in its object. What content holds is open: only its keys are not
// visited as fields.
func walk(key string, value any, visit func(key string, value any)) {
	visit(key, value)
	switch value := value.(type) {
	case map[string]any:
		for k, v := range value {
			if key == "content" {
				k = ""
			}
			walk(k, v, visit)
		}
	case []any:
		for _, v := range value {
			walk("", v, visit)
		}
	}
}

var uuid = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

func namesID(key string) bool {
	return key == "id" || key == "uuid" || strings.HasSuffix(strings.ToLower(key), "id")
}

// documented are the fields of the events of both contracts.
var documented = setOf("id event timestamp data conversation uuid status response_mode created_at agent name chat_user email " +
	"organization initial_message last_message content type " +
	"payload channel customer direction form from to lastMessage priority queue summary topic assignee authentication " +
	"message messageId messageid conversationId createdAt updatedAt authenticationType personId value firstName lastName")

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}
