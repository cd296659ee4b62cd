package invite_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// letter is a body with somebody's data, which encoding/json would write otherwise.
const letter = "{\"email\":\"canary <ada>@example.com\",  \"n\": 1.00}\n"

// TestInvite sends one invite for each run: to whom, or as it is told.
func TestInvite(t *testing.T) {
	p, api := configured(t, nil)
	for action, path := range map[string]string{
		userInvite:      "/accounts/users/auth/invite/organization/organizationuser/",
		subtenantInvite: "/accounts/users/auth/invite/customer/subtenant/",
	} {
		whom := map[string]string{userInvite: "a user of the organization", subtenantInvite: "a subtenant"}[action]
		titled := map[string]string{userInvite: "organization user", subtenantInvite: "subtenant"}[action]
		for _, c := range []struct {
			config     acctest.Attributes
			body, says string
		}{
			{acctest.Attributes{keys[action]: id}, `{"id":"` + id + `"}`, "Sending an invite to the " + titled + " " + id},
			{acctest.Attributes{"body": letter}, letter, "Sending an invite to " + whom + ", as body says"},
			{acctest.Attributes{"body": "null"}, "null", "Sending an invite to " + whom + ", as body says"},
		} {
			before, requests := len(api.Invites()), len(api.Requests())
			for what, errors := range map[string]acctest.Diagnostics{
				"validate": p.ValidateAction(t.Context(), action, c.config), "plan": p.PlanInvocation(t.Context(), action, c.config),
			} {
				if len(errors) > 0 || len(api.Requests()) != requests {
					t.Errorf("%s, %s: %v, %d requests", action, what, errors, len(api.Requests())-requests)
				}
			}
			progress, errors := p.Invoke(t.Context(), action, c.config)
			if !slices.Equal(progress, []string{c.says}) || len(errors) > 0 {
				t.Errorf("%s: %q, %v", action, progress, errors)
			}
			sent := api.Requests()[requests:]
			if len(sent) != 1 || sent[0].Method != http.MethodPost || sent[0].Path != path || len(api.Invites()) != before+1 || string(sent[0].Body) != c.body {
				t.Errorf("%s: %d requests, %d invites, %s", action, len(sent), len(api.Invites())-before, sent[0].Body)
			}
		}
	}
}

// faults are the ways in which an invite may end whose response is not as it should be.
var faults = map[string]struct {
	fault            sandbox.Fault
	requests         int
	unknown, success bool
	says             string
}{
	"reset":         {fault: sandbox.Fault{Drop: true}, requests: 1, unknown: true, says: "the connection ended before the response"},
	"cut":           {fault: sandbox.Fault{Truncate: true}, requests: 1, unknown: true, says: "cut off"},
	"timeout":       {fault: sandbox.Fault{Delay: 3 * time.Second}, requests: 1, unknown: true, says: "no complete response within"},
	"408":           {fault: sandbox.Fault{Status: 408}, requests: 1, unknown: true, says: "408"},
	"500":           {fault: sandbox.Fault{Status: 500, Body: `{"detail": "canary"}`}, requests: 1, unknown: true, says: "500 Internal Server Error"},
	"503":           {fault: sandbox.Fault{Status: 503, Header: http.Header{"Retry-After": {"1"}}}, requests: 1, unknown: true, says: "503"},
	"504":           {fault: sandbox.Fault{Status: 504}, requests: 1, unknown: true, says: "504"},
	"a page":        {fault: sandbox.Fault{Status: 200, Body: "<html>canary"}, requests: 1, unknown: true, says: "cannot be understood"},
	"301":           {fault: sandbox.Fault{Status: 301, Header: http.Header{"Location": {"https://canary.example"}}}, requests: 1, says: "redirects the request"},
	"400":           {fault: sandbox.Fault{Status: 400, Body: `{"email": ["canary <ada>@example.com"], "canary": "x"}`}, requests: 1, says: "message is not shown"},
	"401":           {fault: sandbox.Fault{Status: 401}, requests: 1, says: "does not accept the credentials"},
	"403":           {fault: sandbox.Fault{Status: 403}, requests: 1, says: "do not allow"},
	"404":           {fault: sandbox.Fault{Status: 404}, requests: 1, says: "404"},
	"409":           {fault: sandbox.Fault{Status: 409}, requests: 1, says: "409"},
	"425":           {fault: sandbox.Fault{Status: 425}, requests: 1, says: "425"},
	"429 once":      {fault: sandbox.Fault{Status: 429, Header: http.Header{"Retry-After": {"0"}}}, requests: 2, success: true},
	"429 for ever":  {fault: sandbox.Fault{Status: 429, Header: http.Header{"Retry-After": {"0"}}, Times: -1}, requests: 2, says: "The API limits the rate of requests. Lower -parallelism"},
	"429 for a day": {fault: sandbox.Fault{Status: 429, Header: http.Header{"Retry-After": {"86400"}}}, requests: 1, says: "24h0m0s"},
	"nothing":       {fault: sandbox.Fault{Status: 204}, requests: 1, success: true},
	"a word":        {fault: sandbox.Fault{Status: 200, Body: "OK"}, requests: 1, success: true},
}

// TestFaults sends every invite at most once, says what is known of it, and how to go on.
func TestFaults(t *testing.T) {
	for name, c := range faults {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, after commit %v", name, after), func(t *testing.T) {
				c := c // each has a fault of its own
				p, api := configured(t, nil)
				if after && c.fault.Status == 429 {
					t.Skip("what is throttled does not take effect")
				}
				c.fault.AfterCommit, c.fault.BeforeCommit = after, !after
				if c.fault.Truncate && !after {
					c.fault.Status, c.fault.Body = 201, `{"id": null}`
				}
				api.Inject(c.fault)
				progress, errors := p.Invoke(t.Context(), userInvite, acctest.Attributes{"body": letter})
				said := fmt.Sprint(errors)
				if strings.Contains(said, "canary") || len(progress) != 1 || strings.Contains(progress[0], "canary") {
					t.Errorf("the body is told: %s %s", said, progress)
				}
				if n := len(api.Requests()); n != c.requests {
					t.Errorf("%d requests, want %d", n, c.requests)
				}
				if invites := len(api.Invites()); invites > 1 || after && invites != 1 {
					t.Errorf("%d invites", invites)
				}
				if c.success {
					if len(errors) > 0 {
						t.Error(said)
					}
					return
				}
				if len(errors) != 1 || errors[0].On() != "" || errors[0].Summary != "Could not invite the organization user" {
					t.Errorf("want one error: %s", said)
				}
				wants := []string{c.says, "terraform apply -invoke=action." + userInvite + ".<name>", "add -target=", "The next apply sends none, unless the trigger has on_failure = taint", "No invite was sent."}
				never := []string{"not known whether", "state", "created", "import"}
				if c.unknown {
					wants[4], never[0] = "It is not known whether the invite was sent. It was not sent again", "No invite was sent"
				}
				for _, want := range wants {
					if !strings.Contains(said, want) {
						t.Errorf("nothing says %q: %s", want, said)
					}
				}
				for _, part := range never {
					if strings.Contains(said, part) {
						t.Errorf("something says %q: %s", part, said)
					}
				}
			})
		}
	}
}

// TestServersWords shows what the server says about an id: nothing of it is somebody's but the server's own.
func TestServersWords(t *testing.T) {
	p, api := configured(t, nil)
	api.Inject(
		sandbox.Fault{Status: 400, Body: `{"id": ["has no e-mail address"], "email": ["may not be invited"], "detail": "Look again."}`},
		sandbox.Fault{Status: 404, Body: `{"detail": "Not found."}`},
	)
	_, errors := p.Invoke(t.Context(), subtenantInvite, acctest.Attributes{"sub_tenant_id": id})
	on := errors.By(acctest.Diagnostic.On)
	for at, want := range map[string]string{"sub_tenant_id": "The server refuses sub_tenant_id: has no e-mail address", "": "Look again.; email: may not be invited"} {
		if said := fmt.Sprint(on[at]); !strings.Contains(said, want) || !strings.Contains(said, "-invoke=action."+subtenantInvite) {
			t.Errorf("on %q: %s", at, said)
		}
	}
	_, errors = p.Invoke(t.Context(), subtenantInvite, acctest.Attributes{"sub_tenant_id": id})
	if d := errors.Only(t, "The subtenant "+id+" does not exist"); d.On() != "" {
		t.Error(d)
	}
}

// TestUnreachable says that nothing was sent where nothing can have arrived.
func TestUnreachable(t *testing.T) {
	p, _ := configured(t, acctest.Attributes{"base_url": "http://127.0.0.1:1"})
	_, errors := p.Invoke(t.Context(), userInvite, acctest.Attributes{"user_id": id})
	d := errors.Only(t, "refuses the connection", "Check that the API is up", "No invite was sent", "Tried 2 times.")
	if d.On() != "" {
		t.Error(d)
	}
}

// TestStop cancels an action as Ctrl-C does. What was sent is waited for, and what still waits is not sent.
func TestStop(t *testing.T) {
	for name, c := range map[string]struct {
		fault   sandbox.Fault
		invites int
		says    string
	}{
		"under way": {sandbox.Fault{Delay: 700 * time.Millisecond}, 1, ""},
		"throttled": {sandbox.Fault{Status: 429, Header: http.Header{"Retry-After": {"600"}}}, 0, "No invite was sent"},
	} {
		t.Run(name, func(t *testing.T) {
			p, api := configured(t, nil)
			api.Inject(c.fault)
			ended, stopped := make(chan struct{}), make(chan error, 1)
			go func() {
				for len(api.Requests()) == 0 {
					select {
					case <-ended:
					case <-time.After(time.Millisecond):
						continue
					}
					break
				}
				time.Sleep(400 * time.Millisecond) // until Terraform has heard of the beginning: only then it hears of the end
				_, err := p.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{})
				stopped <- err
			}()
			_, errors := p.Invoke(t.Context(), userInvite, acctest.Attributes{"user_id": id})
			close(ended)
			if err := <-stopped; err != nil {
				t.Fatal(err)
			}
			if said := fmt.Sprint(errors); len(api.Invites()) != c.invites || len(api.Requests()) != 1 || (c.says == "") != (len(errors) == 0) || !strings.Contains(said, c.says) {
				t.Errorf("%d invites, %d requests: %s", len(api.Invites()), len(api.Requests()), said)
			}
		})
	}
}

// TestConfigurations tries what is wrong and what is not known yet, at each of Terraform's steps.
func TestConfigurations(t *testing.T) {
	p, api := configured(t, nil)
	unknown := tftypes.UnknownValue
	for action, key := range keys {
		for name, c := range map[string]struct {
			config acctest.Attributes
			on     string
			says   string
		}{
			"neither":          {acctest.Attributes{}, key, "Exactly one of " + key + " and body"},
			"both":             {acctest.Attributes{key: id, "body": "{}"}, key, "Exactly one of " + key + " and body"},
			"no UUID":          {acctest.Attributes{key: "19900101-2385"}, key, "must be a UUID"},
			"empty":            {acctest.Attributes{key: ""}, key, "is empty"},
			"no JSON":          {acctest.Attributes{"body": "canary@example.com"}, "body", "must be JSON"},
			"half JSON":        {acctest.Attributes{"body": `{"email": "canary@example.com"`}, "body", "must be JSON"},
			"two JSON":         {acctest.Attributes{"body": `{} {}`}, "body", "must be JSON"},
			"empty body":       {acctest.Attributes{"body": ""}, "body", "is empty"},
			"unknown, no JSON": {acctest.Attributes{key: unknown, "body": "canary"}, "body", "must be JSON"},
			"unknown, no UUID": {acctest.Attributes{key: "canary", "body": unknown}, key, "must be a UUID"},
			"unknown id":       {acctest.Attributes{key: unknown}, "", ""},
			"unknown body":     {acctest.Attributes{"body": unknown}, "", ""},
			"one is unknown":   {acctest.Attributes{key: unknown, "body": "{}"}, "", ""},
			"other is unknown": {acctest.Attributes{key: id, "body": unknown}, "", ""},
			"both are unknown": {acctest.Attributes{key: unknown, "body": unknown}, "", ""},
		} {
			steps := map[string]acctest.Diagnostics{
				"validate": p.ValidateAction(t.Context(), action, c.config), "plan": p.PlanInvocation(t.Context(), action, c.config),
			}
			if !strings.Contains(name, "unknown") {
				_, steps["invoke"] = p.Invoke(t.Context(), action, c.config)
			}
			for step, errors := range steps {
				said := fmt.Sprint(errors)
				if (len(errors) == 0) != (c.on == "") || len(errors) > 1 || len(errors) == 1 && errors[0].On() != c.on || !strings.Contains(said, c.says) {
					t.Errorf("%s, %s, %s: %v", action, name, step, errors)
				}
				if strings.Contains(said, "canary") || strings.Contains(said, "2385") {
					t.Errorf("%s, %s, %s repeats a value: %v", action, name, step, errors)
				}
			}
		}
	}
	if n := len(api.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
	// A plan does without a provider that is not configured yet. Nothing is sent without one.
	unconfigured := serve(t)
	if errors := unconfigured.PlanInvocation(t.Context(), userInvite, acctest.Attributes{"user_id": id}); len(errors) > 0 {
		t.Error(errors)
	}
	_, errors := unconfigured.Invoke(t.Context(), userInvite, acctest.Attributes{"user_id": id})
	if d := errors.Only(t, "configuration is not known"); d.On() != "" {
		t.Error(d)
	}
}
