package provider_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

// credentials are the attributes that become headers.
var credentials = map[string]string{
	"customer_id":        "X-Pigello-Customer-Id",
	"application_id":     "X-Pigello-Application-Id",
	"service_id":         "X-Pigello-Service-Id",
	"service_version_id": "X-Pigello-Service-Version-Id",
	"client_ct":          "X-Pigello-Client-Ct",
	"client_entity":      "X-Pigello-Client-Entity",
	"client_secret":      "X-Pigello-Client-Secret",
}

func variable(attribute string) string { return "PIGELLO_" + strings.ToUpper(attribute) }

// explicit keeps Terraform from adding an error of its own, that there is no such block.
const explicit = "provider \"pigello\" {}\n"

func TestMissingCredentials(t *testing.T) {
	w := acctest.New(t)
	w.Config(explicit + acctest.UserWithID("u"))
	for name := range credentials {
		w.Setenv(variable(name), "")
	}
	found := w.Try("plan").Errors()
	if len(found) != len(credentials) {
		t.Errorf("want %d errors, got %+v", len(credentials), found)
	}
	for name := range credentials {
		n := 0
		for _, d := range found {
			words := strings.FieldsFunc(d.Text(), func(r rune) bool { return strings.ContainsRune(" \n.,:;()`\"", r) })
			if slices.Contains(words, name) && slices.Contains(words, variable(name)) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s: want one error that names the attribute and its variable, got %d", name, n)
		}
	}
	if n := len(w.Sandbox.Requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}

	// Each can come from the configuration.
	w.Config("provider \"pigello\" {\n" + configured(w) + "}\n" + acctest.UserWithID("u"))
	w.Apply()
	w.Config("provider \"pigello\" {\n" + strings.Replace(configured(w), `"accounts.integrationuseragent"`, `""`, 1) + "}\n" + acctest.UserWithID("u"))
	if found = w.Try("plan").Errors(); len(found) != 1 || !strings.Contains(found[0].Text(), "The value of client_ct is empty") || found[0].On() != "client_ct" {
		t.Errorf("an empty credential: %+v", found)
	}
	// Without credentials much works still.
	w.Config(explicit + acctest.UserWithID("u"))
	w.OK("validate")
	w.Sandbox.ResetRequests()
	w.OK("providers", "schema", "-json")
	if n := len(w.Sandbox.Requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

// configured is the sandbox's credentials as the configuration says them.
func configured(w *acctest.Workspace) string {
	var b strings.Builder
	for _, v := range w.Sandbox.Environment(w.URL) {
		name, value, _ := strings.Cut(v, "=")
		if name != "PIGELLO_BASE_URL" {
			fmt.Fprintf(&b, "  %s = %q\n", strings.ToLower(strings.TrimPrefix(name, "PIGELLO_")), value)
		}
	}
	return b.String()
}

func TestConfigurationWins(t *testing.T) {
	w := acctest.New(t)
	elsewhere, strayed := acctest.Elsewhere(t)
	w.Config("provider \"pigello\" {\n  base_url = " + fmt.Sprintf("%q", w.URL+"/") + "\n" + configured(w) + "}\n" + acctest.UserWithID("u"))
	for name := range credentials {
		w.Setenv(variable(name), "from-the-environment")
	}
	w.Setenv("PIGELLO_BASE_URL", elsewhere)
	w.Setenv("PIGELLO_ENVIRONMENT", "dev.api") // with PIGELLO_BASE_URL a conflict, if the configuration had neither
	w.Apply()
	if strayed() > 0 {
		t.Error("the environment's address was asked")
	}
	requests := w.Sandbox.Requests()
	for _, r := range requests {
		for name, header := range credentials {
			if values := r.Header.Values(header); len(values) != 1 || values[0] == "from-the-environment" {
				t.Errorf("%s: %q", name, values)
			}
		}
		if agent := r.Header.Get("User-Agent"); !strings.Contains(agent, "terraform-provider-pigello/") || !strings.Contains(agent, "Terraform/1.") {
			t.Errorf("User-Agent: %s", agent)
		}
		if !strings.HasSuffix(r.Path, "/") || strings.Contains(r.Path, "//") {
			t.Errorf("path: %s", r.Path)
		}
	}
	if len(requests) == 0 {
		t.Error("no request was made")
	}
}

// TestAddress looks, through a proxy, at which host the provider asks.
func TestAddress(t *testing.T) {
	w := acctest.New(t)
	var mu sync.Mutex
	var asked []string
	proxy := acctest.Listen(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.Method+" "+r.Host)
		for _, header := range credentials {
			if r.Header.Get(header) != "" {
				t.Errorf("the proxy sees %s", header)
			}
		}
		http.Error(rw, "no", http.StatusBadGateway)
	}))
	w.Setenv("HTTPS_PROXY", proxy)
	w.Setenv("PIGELLO_MAX_RETRIES", "0")
	for _, c := range []struct{ config, environment, url, want string }{
		{"", "", "", "api.pigello.io:443"},
		{"", "dev.api", "", "dev.api.pigello.io:443"},
		{`environment = "stage"`, "dev.api", "", "stage.pigello.io:443"},
		{`environment = "stage"`, "", w.URL, "stage.pigello.io:443"},
		{`base_url = "https://pigello.example:8443"`, "dev.api", w.URL, "pigello.example:8443"},
		{"", "", "https://pigello.example", "pigello.example:443"},
	} {
		asked = nil
		w.Setenv("PIGELLO_ENVIRONMENT", c.environment)
		w.Setenv("PIGELLO_BASE_URL", c.url)
		w.Config("provider \"pigello\" {\n  " + c.config + "\n}\n" + acctest.UserWithID("u"))
		if found := w.TryApply().Errors(); len(found) != 1 {
			t.Errorf("%+v: %+v", c, found)
		}
		// The plan asks whether the user exists, as OpenTofu's apply does again, and the apply creates it.
		want := slices.Repeat([]string{"CONNECT " + c.want}, 2)
		if w.Engine().OpenTofu {
			want = append(want, want[0])
		}
		if !slices.Equal(asked, want) {
			t.Errorf("%+v: asked %q", c, asked)
		}
	}
	if n := len(w.Sandbox.Requests()); n != 0 {
		t.Errorf("%d requests went to the sandbox", n)
	}
}

// badLine is a line of the provider's configuration, and the attribute that it is an error on.
type badLine struct{ line, on string }

// badTypes are found before all others.
var badTypes = []badLine{
	{`max_retries = 1.5`, "max_retries"},
	{`max_retries = "many"`, "max_retries"},
	{`max_destroys = 0.5`, "max_destroys"},
	{`max_destroys = "none"`, "max_destroys"},
	{`max_requests_per_second = "fast"`, "max_requests_per_second"},
	{`bulk_read = "many"`, "bulk_read"},
}

var badValues = []badLine{
	{`base_url = "http://api.pigello.io"`, "base_url"},
	{`base_url = "http://127.0.0.1.example.com"`, "base_url"},
	{`base_url = "http://localhost.example.com:80"`, "base_url"},
	{`base_url = "http://10.0.0.1"`, "base_url"},
	{`base_url = "HTTP://example.com"`, "base_url"},
	{`base_url = "ftp://127.0.0.1"`, "base_url"},
	{`base_url = "ftp://x"`, "base_url"},
	{`base_url = "api.pigello.io"`, "base_url"},
	{`base_url = "https://"`, "base_url"},
	{`base_url = "https://user:pa55word@api.pigello.io"`, "base_url"},
	{`base_url = "https://api.pigello.io?a=b"`, "base_url"},
	{`base_url = ""`, "base_url"},
	{"base_url = \"https://api.pigello.io\"\n  environment = \"api\"", "base_url"},
	{`environment = ""`, "environment"},
	{`environment = "example.com/"`, "environment"},
	{`environment = "example.com#"`, "environment"},
	{`environment = "https://api"`, "environment"},
	{`environment = "api pigello"`, "environment"},
	{`request_timeout = ""`, "request_timeout"},
	{`request_timeout = "abc"`, "request_timeout"},
	{`request_timeout = "5"`, "request_timeout"},
	{`request_timeout = "0s"`, "request_timeout"},
	{`request_timeout = "-1s"`, "request_timeout"},
	{`request_timeout = "soon"`, "request_timeout"},
	{`max_retries = -1`, "max_retries"},
	{`max_retries = 21`, "max_retries"},
	{`max_retries = 77`, "max_retries"},
	{`max_destroys = -1`, "max_destroys"},
	{`on_duplicate = ""`, "on_duplicate"},
	{`on_duplicate = "Warn"`, "on_duplicate"},
	{`on_duplicate = "true"`, "on_duplicate"},
	{`client_ct = ""`, "client_ct"},
	{`client_secret = ""`, "client_secret"},
	{`customer_id = "a\tb"`, "customer_id"},
	{`max_requests_per_second = 0`, "max_requests_per_second"},
	{`max_requests_per_second = -1`, "max_requests_per_second"},
	{`client_secret = "line\nbreak-pa55word"`, "client_secret"},
}

// TestInvalidConfiguration: what is wrong in the provider's block is found by terraform validate, and so by each later command.
func TestInvalidConfiguration(t *testing.T) {
	for name, bad := range map[string][]badLine{"types": badTypes, "values": badValues} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t)
			var config strings.Builder
			for i, c := range bad {
				fmt.Fprintf(&config, "provider \"pigello\" {\n  alias = \"p%d\"\n  %s\n}\n", i, c.line)
				config.WriteString(acctest.UserWithID(fmt.Sprintf("u%d", i), fmt.Sprintf("provider = pigello.p%d", i)))
			}
			w.Config(config.String())
			lines := strings.Split(config.String(), "\n")
			for command, all := range map[string]acctest.Diagnostics{"validate": w.Validate(), "plan": w.Try("plan").Errors()} {
				found := map[string]acctest.Diagnostics{}
				for _, d := range all {
					alias := ""
					for i := d.Line - 1; i >= 0 && alias == ""; i-- {
						if a, ok := strings.CutPrefix(lines[i], "  alias = "); ok {
							alias = a
						}
					}
					found[alias] = append(found[alias], d)
				}
				for i, c := range bad {
					got := found[fmt.Sprintf("%q", fmt.Sprintf("p%d", i))]
					switch {
					case len(got) != 1 || got[0].On() != c.on:
						t.Errorf("%s: %s: want one error on %s, got %+v", command, c.line, c.on, got)
					case strings.Contains(got[0].Text(), "pa55word"):
						t.Errorf("%s: %s: the error repeats a secret: %s", command, c.line, got[0].Text())
					case name == "values" && got[0].Summary == "Invalid value" && !strings.HasPrefix(got[0].Detail, "The value of "+c.on+" "):
						t.Errorf("%s: %s: %s", command, c.line, got[0].Text())
					}
				}
			}
			if n := len(w.Sandbox.Requests()); n != 0 {
				t.Errorf("%d requests were made", n)
			}
		})
	}
}

// TestValidateLooksAtTheBlockAlone: the environment may be another one when the provider is configured, and so may what is unknown.
func TestValidateLooksAtTheBlockAlone(t *testing.T) {
	w := acctest.New(t)
	for name := range credentials {
		w.Setenv(variable(name), "")
	}
	for name, value := range map[string]string{
		"base_url": "ftp://x", "environment": "example.com/", "request_timeout": "abc", "max_retries": "77", "max_requests_per_second": "0",
		"bulk_read": "many", "accept_empty": "many", "on_duplicate": "many", "max_destroys": "-1",
	} {
		w.Setenv(variable(name), value)
	}
	for _, config := range []string{
		"", "base_url = \"https://api.pigello.io\"", "environment = \"dev.api\"", "environment = null\n  base_url = null",
		"max_destroys = 0\n  max_retries = 0\n  on_duplicate = \"ignore\"\n  max_requests_per_second = 0.0000001",
		"max_destroys = 20\n  max_retries = 20\n  on_duplicate = \"error\"", "on_duplicate = \"warn\"",
		"base_url = terraform_data.late.output\n  environment = \"api\"", "base_url = \"https://api.pigello.io\"\n  environment = terraform_data.late.output",
		"client_ct = terraform_data.late.output\n  max_retries = terraform_data.late.output\n  on_duplicate = terraform_data.late.output",
	} {
		w.Config(late("late", "1") + "provider \"pigello\" {\n  " + config + "\n}\n" + acctest.UserWithID("u"))
		if found := w.Validate(); len(found) > 0 {
			t.Errorf("%s: %+v", config, found)
		}
	}
	// What is known is wrong beside what is not.
	w.Config(late("late", "1") + "provider \"pigello\" {\n  base_url = \"ftp://x\"\n  environment = terraform_data.late.output\n}\n" + acctest.UserWithID("u"))
	if found := w.Validate(); len(found) != 1 || found[0].On() != "base_url" {
		t.Errorf("%+v", found)
	}
	w.Config(explicit + acctest.UserWithID("u"))
	found := w.Try("plan").Errors()
	if want := len(credentials) + 8; len(found) != want {
		t.Errorf("want %d errors of the environment, got %d: %+v", want, len(found), found)
	}
}

func TestInvalidEnvironment(t *testing.T) {
	w := acctest.New(t)
	w.Config(explicit + acctest.UserWithID("u"))
	for _, c := range []struct{ variable, value string }{
		{"PIGELLO_BASE_URL", "http://api.pigello.io"},
		{"PIGELLO_ENVIRONMENT", "dev.api"}, // beside PIGELLO_BASE_URL
		{"PIGELLO_REQUEST_TIMEOUT", "5"},
		{"PIGELLO_MAX_RETRIES", "21"},
		{"PIGELLO_MAX_RETRIES", "-1"},
		{"PIGELLO_MAX_RETRIES", "text"},
		{"PIGELLO_MAX_REQUESTS_PER_SECOND", "0"},
		{"PIGELLO_MAX_REQUESTS_PER_SECOND", "text"},
		{"PIGELLO_MAX_REQUESTS_PER_SECOND", "NaN"},
		{"PIGELLO_ON_DUPLICATE", "text"},
		{"PIGELLO_MAX_DESTROYS", "-1"},
		{"PIGELLO_MAX_DESTROYS", "text"},
		{"PIGELLO_CLIENT_SECRET", "a\tb"},
	} {
		w.Setenv(c.variable, c.value)
		found := w.Try("plan").Errors()
		if len(found) != 1 || !strings.Contains(found[0].Text(), c.variable) {
			t.Errorf("%s=%s: want one error that names it, got %+v", c.variable, c.value, found)
		}
		before := ""
		for _, v := range w.Sandbox.Environment(w.URL) {
			if value, ok := strings.CutPrefix(v, c.variable+"="); ok {
				before = value
			}
		}
		w.Setenv(c.variable, before)
	}
	if n := len(w.Sandbox.Requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
	for name, value := range map[string]string{
		"PIGELLO_REQUEST_TIMEOUT": "1m30s", "PIGELLO_MAX_RETRIES": "20", "PIGELLO_MAX_REQUESTS_PER_SECOND": "2.5e1",
		"PIGELLO_ON_DUPLICATE": "ignore", "PIGELLO_MAX_DESTROYS": "0",
		"PIGELLO_BASE_URL": strings.Replace(w.URL, "127.0.0.1", "localhost", 1) + "/",
	} {
		w.Setenv(name, value)
	}
	w.Apply()
}

func TestNothingToAskFor(t *testing.T) {
	w := acctest.New(t)
	w.Config(`provider "pigello" {}
output "one" { value = 1 }`)
	w.OK("validate")
	w.Apply()
	w.OK("providers", "schema", "-json")
	if n := len(w.Sandbox.Requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}
