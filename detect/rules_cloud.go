package detect

import "bytes"

// cloudRules find the names of accounts and stores in clouds. Only the part
// that names something of somebody's is a finding: service and region stay.
var cloudRules = []Rule{
	{
		Name: "aws-arn", Kind: CloudResource, Score: 0.9,
		Words: []string{"arn"},
		Match: awsARN,
		Hits: []string{
			"arn:aws:s3:::«my_corporate_bucket/Development/*»", "\"arn:aws:sns:us-west-2:«123456789023:CloudwatchMetricAlarm»\"", "arn:aws:iam::«123456789012:user/Development/product_1234/*».",
			"arn:aws-cn:kms:cn-north-1:«003084325827:key/84a66985-f968-4bac-82c2-365518adf157»",
		},
		Misses: []string{"arn:aws:s3:::*", "arn:aws:s3:::${bucket}", "arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:service:region:account:resource", "an arn: it is"},
	},
	{
		Name: "aws-account", Kind: CloudResource, Score: 0.8,
		Names:  []string{"accountid", "awsaccount"},
		Match:  awsAccount,
		Hits:   []string{"AWSAccountId: \"«324320755747»\"", "aws_account_id=«891511536143»"},
		Misses: []string{"account_id = 12345", "accountId: string", "account_id=1234567890123"},
	},
	{
		Name: "s3-bucket", Kind: CloudResource, Score: 0.8,
		Words:  []string{"amazonaws"},
		Match:  s3Bucket,
		Hits:   []string{"«example-bucket».s3.amazonaws.com", "http://«bucket».s3-us-east-2.amazonaws.com", "s3.amazonaws.com/«example-bucket»", "https://«a.b-c».s3.eu-west-1.amazonaws.com/x"},
		Misses: []string{"s3.amazonaws.com", ".s3.amazonaws.com/", "ec2.eu-west-1.amazonaws.com/x", "https://s3.amazonaws.com/{bucket}"},
	},
	{
		Name: "gcs-bucket", Kind: CloudResource, Score: 0.8,
		Words:  []string{"storage"},
		Match:  gcsBucket,
		Hits:   []string{"«some-bucket».storage.googleapis.com/x", "https://storage.googleapis.com/«bucket_name»/object"},
		Misses: []string{"https://storage.googleapis.com", "storage.googleapis.com/{bucket}/o", "storage.example.com/x"},
	},
	{
		Name: "azure-store", Kind: CloudResource, Score: 0.8,
		Words:  []string{"blob", "file", "queue", "table", "dfs"},
		Match:  azureStore,
		Hits:   []string{"https://«hanatour9833».blob.core.windows.net/c"},
		Misses: []string{"blob.core.windows.net", "{account}.blob.core.windows.net", "x.blob.core.example.net"},
	},
	{
		Name: "google-client", Kind: CloudResource, Score: 0.9,
		Prefixes: []string{"apps.googleusercontent.com"},
		Match:    googleClient,
		Hits:     []string{"'«231545488769-4d1mcev9vifvlncrern52id2pqqf5u5l».apps.googleusercontent.com'"},
		Misses:   []string{"CLIENT_ID.apps.googleusercontent.com", "x-y.apps.googleusercontent.com"},
	},
	{
		Name: "shop", Kind: CloudResource, Score: 0.8,
		Words:  []string{"myshopify"},
		Match:  shop,
		Hits:   []string{"https://«handsomestranger».myshopify.com/admin"},
		Misses: []string{"myshopify.com", "{shop}.myshopify.com", "your-shop.myshopify.com"},
	},
}

// awsARN finds the account and the resource of an Amazon resource name.
func awsARN(text []byte, at, end int) (int, int) {
	if !hasPrefix(text[end:], ":aws") {
		return 0, 0
	}
	i := end + 1
	for range 3 { // partition, service, region
		stop := while(text, i, classKey, 40)
		if byteAt(text, stop) != ':' {
			return 0, 0
		}
		i = stop + 1
	}
	start := i
	account := while(text, i, classDigit, 13)
	if n := account - i; n != 0 && n != 12 || byteAt(text, account) != ':' {
		return 0, 0
	}
	if account == start {
		start++
	}
	stop := account + 1
	for stop < len(text) && stop < account+200 && (isKey(text[stop]) || bytes.IndexByte([]byte("/:.*+=@"), text[stop]) >= 0) {
		stop++
	}
	for stop > account+1 && (text[stop-1] == '.' || text[stop-1] == ':' || text[stop-1] == '=') {
		stop--
	}
	if stop == account+1 || account+1 == start && !isWord(text[start]) {
		return 0, 0
	}
	return start, stop
}

// awsAccount finds the twelve digits of an account.
func awsAccount(text []byte, at, end int) (int, int) {
	v := valueAt(text, end)
	if v.end-v.start != 12 || while(text, v.start, classDigit, 13) != v.end || same(text[v.start:v.end]) {
		return 0, 0
	}
	return v.start, v.end
}

// hostBefore returns where the host name that goes on with the dot before at
// begins: its labels up to that dot are text[start:at-1].
func hostBefore(text []byte, at int) (start int) {
	if byteAt(text, at-1) != '.' {
		return at
	}
	start = back(text, at-1, classDotted, 64)
	for start < at-1 && !isWord(text[start]) {
		start++
	}
	return start
}

// owned reports whether b is a name and neither a template nor an example.
func owned(b []byte) bool {
	return len(b) >= 1 && !hasPrefix(b, "your") && while(b, 0, classDotted, len(b)) == len(b)
}

// s3Bucket finds a bucket in the name of its host or at the begin of the path.
func s3Bucket(text []byte, at, end int) (int, int) {
	if !hasPrefix(text[at:], "amazonaws.com") {
		return 0, 0
	}
	start := hostBefore(text, at)
	host := text[start:max(start, at-1)]
	i := bytes.LastIndex(host, []byte("s3"))
	if i < 0 || i > 0 && host[i-1] != '.' || i+2 < len(host) && host[i+2] != '-' && host[i+2] != '.' {
		return 0, 0
	}
	if i > 0 && owned(host[:i-1]) && byteAt(text, start-1) != '}' {
		return start, start + i - 1
	}
	return firstPart(text, at+len("amazonaws.com"))
}

// firstPart finds the first part of the path that begins at i.
func firstPart(text []byte, i int) (int, int) {
	stop := while(text, i+1, classDotted, 64)
	for stop > i+1 && text[stop-1] == '.' {
		stop--
	}
	if byteAt(text, i) != '/' || stop < i+4 || !owned(text[i+1:stop]) {
		return 0, 0
	}
	return i + 1, stop
}

// gcsBucket finds a bucket likewise.
func gcsBucket(text []byte, at, end int) (int, int) {
	const host = "storage.googleapis.com"
	if !hasPrefix(text[at:], host) {
		return 0, 0
	}
	if start := hostBefore(text, at); start < at-1 && owned(text[start:at-1]) && byteAt(text, start-1) != '}' {
		return start, at - 1
	}
	return firstPart(text, at+len(host))
}

// azureStore finds the name of a storage account.
func azureStore(text []byte, at, end int) (int, int) {
	if !hasPrefix(text[end:], ".core.windows.net") {
		return 0, 0
	}
	start := hostBefore(text, at)
	if start >= at-3 || byteAt(text, start-1) == '}' || !owned(text[start:at-1]) {
		return 0, 0
	}
	return start, at - 1
}

// googleClient finds the number and the code of an OAuth client.
func googleClient(text []byte, at, end int) (int, int) {
	if byteAt(text, at-1) != '.' {
		return 0, 0
	}
	start := back(text, at-1, classKey, 60)
	if n := while(text, start, classDigit, 14) - start; n < 8 || at-1-start < 20 {
		return 0, 0
	}
	return start, at - 1
}

// shop finds the name of a shop at Shopify.
func shop(text []byte, at, end int) (int, int) {
	if !hasPrefix(text[end:], ".com") {
		return 0, 0
	}
	start := hostBefore(text, at)
	if start >= at-1 || byteAt(text, start-1) == '}' || !owned(text[start:at-1]) {
		return 0, 0
	}
	return start, at - 1
}
