package tfdiag

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// advice returns what the user should do next.
func (o Operation) advice(err error, e *transport.Error) string {
	if unknown, ok := errors.AsType[*client.UnknownOutcomeError](err); ok {
		return o.unknownOutcome(unknown.Search)
	}
	if o.Invite && e.Outcome >= transport.InDoubt {
		return "It is not known whether the invite was sent. It was not sent again, since that could send it twice."
	}
	if e.Cause != nil {
		return o.adviceOnConnection(e)
	}
	switch {
	case e.Status == http.StatusUnauthorized:
		return "The API does not accept the credentials. Check the provider's seven credentials, from customer_id to " +
			"client_secret (or the variables PIGELLO_CUSTOMER_ID to PIGELLO_CLIENT_SECRET), and that base_url or " +
			"environment is the one that they belong to. Nothing more is sent in this run."
	case e.Status == http.StatusForbidden:
		return "Either the credentials are wrong: check the provider's seven credentials, from customer_id to client_secret. Or they do " +
			"not allow this: the service version (service_version_id) must grant the permission, and be activated at a level " +
			"that includes the object." + o.Without
	case e.Status >= 300 && e.Status < 400:
		return "The server redirects the request" + to(e.Redirect) + ". The provider never follows a redirect, since that " +
			"would hand the credentials to another address. Check base_url or environment."
	case e.Page && e.Status < 500:
		return o.adviceOnPage(e)
	case transport.IsNotFound(e) && o.ID != "":
		return fmt.Sprintf("The %s %s does not exist, or is not visible to these credentials (service version). If it was deleted "+
			"a moment ago, plan again; otherwise check the id.", o.Entity.Title, o.ID)
	case e.Status == http.StatusNotFound, e.Status == http.StatusMethodNotAllowed:
		return "There is no such address on the server. Check base_url or environment."
	case e.Status == http.StatusTooManyRequests && o.Invite:
		return "The API limits the rate of requests. Lower -parallelism, or set max_requests_per_second."
	case e.Status == http.StatusTooManyRequests:
		return "The API limits the rate of requests. Run Terraform again later, lower -parallelism, or set max_requests_per_second."
	case e.Status >= 500:
		return o.tryAgain()
	case e.Status == http.StatusConflict && len(e.Fields) == 0:
		return "The request conflicts with what Pigello holds. Plan again to see what differs now."
	case e.Status >= 400 && len(e.Fields) == 0:
		return "The API refuses the request as it is. Change the configuration as the server says. If it says nothing, send the request ID to Pigello's support."
	}
	return ""
}

// adviceOnConnection is for a request without a usable response.
func (o Operation) adviceOnConnection(e *transport.Error) string {
	var limit *transport.LimitError
	switch {
	case errors.Is(e.Cause, context.Canceled):
		return o.unchanged()
	case e.IsUntrusted():
		return strings.TrimSpace("If a proxy of your company replaces certificates, set SSL_CERT_FILE to a file with its certificate authority. Otherwise check " +
			"base_url or environment. " + o.unchanged())
	case e.IsNoJSON():
		return "Terraform could not check the value at the plan, since it was not known yet. Correct it, best with jsonencode, and plan again. " + o.unchanged()
	case e.IsCapped():
		return strings.TrimSpace("Raise max_requests_per_second, or lower -parallelism. " + o.unchanged())
	case e.IsThrottled():
		return strings.TrimSpace("Run Terraform again when that time is over. If it happens often, lower -parallelism, or set max_requests_per_second. " + o.unchanged())
	case e.IsMisconfigured():
		return "Check base_url or environment, and HTTPS_PROXY and NO_PROXY if you use a proxy. " + o.unchanged()
	case e.Page:
		return o.adviceOnPage(e)
	case errors.Is(e.Cause, transport.ErrUnreadable):
		return "Check that base_url or environment is the address of the API, and that no proxy changes its responses. " + o.unchanged()
	case errors.As(e.Cause, &limit):
		return fmt.Sprintf("Raise %s if the API needs more time. Otherwise check that it is up. %s", limit.Name, o.unchanged())
	}
	return o.tryAgain()
}

func (o Operation) adviceOnPage(e *transport.Error) string {
	return fmt.Sprintf("It proves nothing about what Pigello holds. "+
		"Check base_url or environment (the host is %s), and the proxies in between. %s", e.Host, o.unchanged())
}

func (o Operation) tryAgain() string {
	switch {
	case o.Many:
		return "Nothing is shown, since a part could be taken for the whole. Try again. If it still fails, check that the API is up and reachable."
	case o.Invite:
		return "Check that the API is up and reachable."
	}
	return strings.TrimSpace(o.unchanged() + " Run Terraform again. If it still fails, check that the API is up and reachable.")
}

func (o Operation) unchanged() string {
	if o.Many || o.Invite || o.changed {
		return ""
	}
	return "The state is unchanged."
}

// repetition returns how to send an invite again.
func (o Operation) repetition(e *transport.Error) string {
	if !o.Invite {
		return ""
	}
	again := "No invite was sent. The next apply sends none, unless the trigger has on_failure = taint. When the cause is fixed, this sends one:"
	if e.Outcome >= transport.InDoubt {
		again = "The next apply sends none, unless the trigger has on_failure = taint. Find out in Pigello whether it was sent. If not, this sends one:"
	}
	return fmt.Sprintf("%s\n\nterraform apply -invoke=action.%s.<name>\n\nIf the action has for_each, add the key: '<name>[\"<key>\"]'. Without it, everybody gets an invite. "+
		"If the action uses caller, add -target=<address of the resource with the trigger>.", again, o.Type)
}

// unknownOutcome is for a creation that may have taken place or not.
func (o Operation) unknownOutcome(search client.Search) string {
	advice := fmt.Sprintf("It is not known whether the %s was created. It was not sent again, since that could create it twice. ", o.Entity.Title)
	blocks := make([]string, len(search.IDs))
	for i, id := range search.IDs {
		blocks[i] = o.ImportBlock(id)
	}
	switch search.Result {
	case client.CouldNotLook:
		advice += fmt.Sprintf("The search for it failed (%s). ", search.Err)
	case client.NearMatch:
		return advice + fmt.Sprintf("The %s %s was created at about that time. It is similar, but not as declared. If it is the one, import it, and the "+
			"next plan shows the difference. If it is somebody else, apply again later.\n\n", o.Entity.Title, strings.Join(search.IDs, ", ")) + strings.Join(blocks, "\n")
	case client.Several:
		return advice + "Several were created at that time and are as declared. If one of them is it, import it:\n\n" + strings.Join(blocks, "\n")
	case client.None, client.Found:
	}
	return advice + "Look for it in Pigello. If it is not there, apply again. If it is there, import it with its id:\n\n" + o.ImportBlock("<id>")
}

func to(host string) string {
	if host == "" {
		return ""
	}
	return " to " + host
}
