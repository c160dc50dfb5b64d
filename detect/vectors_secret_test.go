package detect

import (
	"slices"
	"strings"
	"testing"
)

// trueElsewhere are examples that are false for the rule they are filed under,
// and yet hold a credential, which must be found: by file, rule, the rule of ours
// that finds it, and how many they are.
var trueElsewhere = []struct {
	file, rule, ours string
	n                int
	reason           string
}{
	{"gitleaks.jsonl", "anthropic-api-key", "anthropic-key", 1, "a key of the administrators' sort"},
	{"gitleaks.jsonl", "anthropic-admin-api-key", "anthropic-key", 1, "a key of the other sort"},
	{"gitleaks.jsonl", "curl-auth-header", "jwt", 1, "a JSON web token, only not behind the word Bearer"},
	{"gitleaks.jsonl", "databricks-api-token", "assigned-secret", 1, "given to DATABRICKS_TOKEN, a letter beyond f in it"},
	{"gitleaks.jsonl", "generic-api-key", "assigned-secret", 1, "32 hexadecimal digits that an apiKey is given"},
	{"gitleaks.jsonl", "mailchimp-api-key", "mailchimp-key", 1, "the key is there, behind another name than the rule asks for"},
	{"gitleaks.jsonl", "cisco-meraki-api-key", "assigned-secret", 2, "given to meraki-api-key and meraki_token, of other letters"},
	{"gitleaks.jsonl", "slack-user-token", "slack-token", 1, "a token of shorter numbers"},
	{"gitleaks.jsonl", "sumologic-access-token", "assigned-secret", 1, "given to SUMO_ACCESS_KEY, but short"},
	{"noseyparker.jsonl", "np.auth0.1", "assigned-secret", 1, "a client secret beside the client id that the rule looks for"},
	{"noseyparker.jsonl", "np.aws.2", "assigned-secret", 2, "given to AWS_SECRET_ACCESS_KEY, too long or too short"},
	{"noseyparker.jsonl", "np.s3.2", "s3-bucket", 2, "buckets in hosts stand as false examples of those in paths"},
	{"noseyparker.jsonl", "np.gcs.2", "gcs-bucket", 2, "likewise"},
	{"noseyparker.jsonl", "np.generic", "azure-client-secret", 1, "another sort of secret"},
	{"noseyparker.jsonl", "np.generic", "assigned-secret", 1, "given to secret_access_key"},
	{"noseyparker.jsonl", "np.generic", "assigned-user", 1, "the user is written out, and only the password is not"},
	{"noseyparker.jsonl", "np.generic", "assigned-password", 4, "passwords with and without quotes stand as false examples of each other"},
	{"noseyparker.jsonl", "np.generic", "value-of-name", 2, "the value of a password attribute"},
	{"noseyparker.jsonl", "np.gitalk.1", "assigned-secret", 2, "a client secret whose quotes are escaped twice, or without its id"},
	{"noseyparker.jsonl", "np.hashicorp", "vault-token", 3, "service, batch and recovery tokens stand as false examples of each other"},
	{"noseyparker.jsonl", "np.hashicorp", "vault-token-old", 1, "likewise"},
	{"noseyparker.jsonl", "np.hashicorp", "assigned-secret", 3, "given to VAULT_CLIENT_TOKEN, two letters too long"},
	{"noseyparker.jsonl", "np.jwt.1", "value-of-name", 1, "the value of a password attribute that begins as a token does"},
	{"noseyparker.jsonl", "np.mongodb.1", "url-password", 1, "a password in a URL whose host is a socket"},
	{"noseyparker.jsonl", "np.newrelic", "new-relic-license", 2, "the licence keys of one sort stand as false examples of the other"},
	{"noseyparker.jsonl", "np.newrelic", "pixie-key", 2, "keys in which letters beyond f are made up"},
	{"noseyparker.jsonl", "np.npm.1", "assigned-secret", 1, "given to NPM_TOKEN, a token of the old sort"},
	{"noseyparker.jsonl", "np.odbc.1", "assigned-password", 1, "a password that is not in a connection string"},
	{"noseyparker.jsonl", "np.okta.1", "assigned-secret", 1, "given to okta_api_key, a letter too long"},
	{"noseyparker.jsonl", "np.postgres.1", "url-password", 1, "a password in a URL whose host is an IPv6 address"},
	{"noseyparker.jsonl", "np.postgres.1", "assigned-password", 1, "a password among a URL's arguments"},
	{"noseyparker.jsonl", "np.slack", "slack-token", 10, "the tokens of one sort stand as false examples of the others"},
	{"noseyparker.jsonl", "np.twitch.1", "assigned-key", 1, "given to TWITCH_STREAM_KEY, without the beginning"},
}

// elsewhere takes one from the examples that a row has if a finding by rule is
// right for a false example.
func elsewhere(left []int, file, example, rule string) bool {
	for i, x := range trueElsewhere {
		if x.file == file && strings.HasPrefix(example, x.rule) && x.ours == rule && left[i] > 0 {
			left[i]--
			return true
		}
	}
	return false
}

// TestSecretVectors measures all credentials of two collections: how many of
// the true ones are found, and how many of the false ones. A name of something
// in a cloud, and a login name, count as these collections have them.
func TestSecretVectors(t *testing.T) {
	engine := compile(t, rulesOnly())
	for _, c := range []struct {
		file  string
		found float64 // share of the true ones, at least
		false float64 // share of the false ones, at most
	}{
		{"gitleaks.jsonl", 0.98, 0.02},
		{"noseyparker.jsonl", 0.95, 0.02},
	} {
		var found, missed, alarms, quiet, right int
		left := make([]int, len(trueElsewhere))
		for i, x := range trueElsewhere {
			left[i] = x.n
		}
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
			case slices.ContainsFunc(spans, func(s Span) bool { return !elsewhere(left, c.file, v.Rule, s.Rule) }):
				alarms++
				t.Logf("%s, line %d: a false alarm for %s by %s", c.file, i+1, v.Rule, spans[0].Rule)
			default:
				right++
			}
		}
		for i, x := range trueElsewhere {
			if x.file == c.file && left[i] > 0 {
				t.Errorf("%s: %d fewer of %s are found by %s than are said to", c.file, left[i], x.rule, x.ours)
			}
		}
		t.Logf("%s: %d of %d found, %d of %d false alarms, %d true for another rule", c.file, found, found+missed, alarms, alarms+quiet, right)
		if float64(found) < c.found*float64(found+missed) || float64(alarms) > c.false*float64(alarms+quiet) {
			t.Errorf("%s: %d of %d found, %d of %d false alarms", c.file, found, found+missed, alarms, alarms+quiet)
		}
	}
}
