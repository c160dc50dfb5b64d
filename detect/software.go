package detect

import "strings"

// software are programs whose names read like those of persons and places, and are
// hardly anybody's. The model has seen few texts about them. Names that people do
// bear, such as Julia, Travis or Jenkins, are masked: that harms less.
var software = func() map[string]bool {
	set := make(map[string]bool)
	for name := range strings.FieldsSeq(`
		airflow alacritty ansible argo arduino avro bazel bitbucket ceph chroma
		cilium clickhouse codex cypress dagster databricks datadog dbeaver debian deno django docker
		dropbox drupal elasticsearch electron ember emacs envoy eslint excel fastapi fedora figma firebase flask
		flink flutter fortran gentoo github gitlab golang gradle grafana graphql grok groovy hadoop
		haskell helm heroku hibernate istio jinja jira joomla jupyter kafka keras kibana kotlin
		kubernetes langchain laravel linux llama looker lucene magento mariadb matplotlib maven mocha
		mongodb mysql neovim netlify nextcloud nginx notion numpy oauth ollama openai opencv openshift outlook
		pandas podman postgres postgresql postman prisma prometheus pulumi puppet pydantic pytest pytorch
		rabbitmq raspbian redis redux rollup rspec sagemaker salesforce scala scrapy selenium sentry sharepoint
		sinatra skype slack snowflake solaris solidity sphinx spotify sqlalchemy sqlite stripe svelte swagger
		symfony tableau tailwind tensorflow terraform tokio tomcat trello typescript ubuntu vagrant vercel
		vite vitest vscode vue webpack wordpress xcode yarn zabbix zendesk zookeeper
		alias brainfuck changelog dockerfile errcheck golint jython licensee licensor makefile pacote nyc oscrypto packuments readme sarif tarballs timespec undici vala`) {
		set[name] = true
	}
	return set
}()

// isSoftware reports whether a name is that of a program and nothing else.
func isSoftware(name []byte) bool {
	var low [16]byte
	if len(name) > len(low) {
		return false
	}
	for i, c := range name {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		low[i] = c
	}
	return software[string(low[:len(name)])]
}
