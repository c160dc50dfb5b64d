package detect

import (
	"slices"
	"strings"
	"testing"
)

// trueElsewhere are examples that are false for the rule they are filed under,
// and yet hold a credential: by file, rule and the rule of ours that finds it.
// The reason says why such a finding is right.
var trueElsewhere = []struct {
	file, rule string
	ours       []string
	reason     string
}{
	{"gitleaks.jsonl", "gcp-api-key", []string{"google-key"}, "keys that Google prints in its own samples: they are keys in form, and only a list tells them apart"},
	{"gitleaks.jsonl", "anthropic-", []string{"anthropic-key"}, "the other of the two sorts of key, or a key that lost a letter when it was copied"},
	{"gitleaks.jsonl", "slack-", []string{"slack-token"}, "a token of another generation of Slack's, or one of shorter numbers"},
	{"gitleaks.jsonl", "curl-auth-header", []string{"jwt"}, "a JSON web token, only not behind the word Bearer"},
	{"gitleaks.jsonl", "mailchimp-api-key", []string{"mailchimp-key"}, "the key is there, behind another name than the rule asks for"},
	{"gitleaks.jsonl", "", []string{"assigned-secret"}, "a value that a key, token or secret is given, which lacks a letter of the provider's form"},
	{"noseyparker.jsonl", "np.slack", []string{"slack-token"}, "the tokens of one sort stand as false examples of the others"},
	{"noseyparker.jsonl", "np.hashicorp", []string{"vault-token", "vault-token-old", "assigned-secret"}, "service, batch and recovery tokens stand as false examples of each other"},
	{"noseyparker.jsonl", "np.newrelic", []string{"new-relic-license", "pixie-key"}, "the licence keys of one sort stand as false examples of the other; in pixie keys letters beyond f are made up"},
	{"noseyparker.jsonl", "np.generic", []string{"assigned-password", "assigned-secret", "value-of-name", "azure-client-secret"}, "passwords with and without quotes, user and attribute stand as false examples of each other"},
	{"noseyparker.jsonl", "np.jwt", []string{"value-of-name"}, "the value of a password attribute that begins as a token does"},
	{"noseyparker.jsonl", "np.mongodb", []string{"url-password"}, "a password in a URL whose host is a socket"},
	{"noseyparker.jsonl", "np.postgres", []string{"url-password", "assigned-password"}, "a password in a URL whose host is an IPv6 address, or among its arguments"},
	{"noseyparker.jsonl", "np.gitalk", []string{"secret-in-context"}, "a secret whose quotes are escaped twice"},
	{"noseyparker.jsonl", "np.generic.3", []string{"assigned-user"}, "the user is written out, and only the password is not"},
	{"noseyparker.jsonl", "np.s3", []string{"s3-bucket"}, "buckets in hosts and buckets in paths stand as false examples of each other"},
	{"noseyparker.jsonl", "np.gcs", []string{"gcs-bucket"}, "likewise"},
	{"noseyparker.jsonl", "np.odbc", []string{"assigned-password"}, "a password that is not in a connection string"},
	{"noseyparker.jsonl", "", []string{"assigned-secret"}, "a value that a key, token or secret is given, which lacks a letter of the provider's form"},
}

// elsewhere reports whether a finding by rule is right for a false example.
func elsewhere(file, example, rule string) bool {
	for _, x := range trueElsewhere {
		if x.file == file && strings.HasPrefix(example, x.rule) && slices.Contains(x.ours, rule) {
			return true
		}
	}
	return false
}

// TestSecretVectors measures all credentials of two collections: how many of
// the true ones are found, and how many of the false ones. A name of something
// in a cloud, and a login name, count as these collections have them.
func TestSecretVectors(t *testing.T) {
	engine := compile(t, DefaultConfig())
	for _, c := range []struct {
		file  string
		found float64 // share of the true ones, at least
		false float64 // share of the false ones, at most
	}{
		{"gitleaks.jsonl", 0.98, 0.02},
		{"noseyparker.jsonl", 0.95, 0.02},
	} {
		var found, missed, alarms, quiet, right int
		for i, v := range readVectors(t, c.file) {
			spans := slices.DeleteFunc(find(t, engine, v.Text), func(s Span) bool {
				return !s.Kind.info().Secret && s.Kind != CloudResource && s.Kind != Username
			})
			switch {
			case v.Label == 1 && len(spans) > 0:
				found++
			case v.Label == 1:
				missed++
				t.Logf("%s, line %d: %s is not found", c.file, i+1, v.Rule)
			case len(spans) == 0:
				quiet++
			case slices.ContainsFunc(spans, func(s Span) bool { return !elsewhere(c.file, v.Rule, s.Rule) }):
				alarms++
				t.Logf("%s, line %d: a false alarm for %s by %s", c.file, i+1, v.Rule, spans[0].Rule)
			default:
				right++
			}
		}
		t.Logf("%s: %d of %d found, %d of %d false alarms, %d true for another rule", c.file, found, found+missed, alarms, alarms+quiet, right)
		if float64(found) < c.found*float64(found+missed) || float64(alarms) > c.false*float64(alarms+quiet) {
			t.Errorf("%s: %d of %d found, %d of %d false alarms", c.file, found, found+missed, alarms, alarms+quiet)
		}
	}
}
