// Package tfdiag turns the client's errors into Terraform's diagnostics. All wording about the API's errors is here.
package tfdiag

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// Operation is what was tried, for a summary such as "Could not update the organization user".
type Operation struct {
	Verb   string // such as update
	Entity model.Entity
	Type   string // of the resource, such as pigello_organization_user, or of the action
	ID     string // of the object, "" before it has one
	Many   bool   // about a list of objects, not about one
	Invite bool   // an action: it changes no state, and no apply repeats it
	// Attribute returns the attribute for a member, and whether the schema has it.
	Attribute func(member string) (path.Path, bool)
}

// Summary says what could not be done.
func (o Operation) Summary() string {
	title := o.Entity.Title
	if o.Many {
		title = o.Entity.Plural
	}
	return fmt.Sprintf("Could not %s the %s", o.Verb, title)
}

// Add adds the diagnostics of a failed operation: one for each member that the server refused, on its attribute, and
// one for what is not about a member.
func Add(diags *diag.Diagnostics, o Operation, err error) {
	var e *client.Error
	if !errors.As(err, &e) {
		diags.AddError(o.Summary(), sentence(err))
		return
	}
	var rest []string
	if e.Message != "" {
		rest = append(rest, e.Message)
	}
	found := false
	for _, refused := range e.Refused {
		at, ok := path.Path{}, false
		if o.Attribute != nil {
			at, ok = o.Attribute(refused.Member)
		}
		if !ok {
			rest = append(rest, refused.Member+": "+refused.Message)
			continue
		}
		found = true
		var said strings.Builder
		fmt.Fprintf(&said, "The server refuses %s: %s", at, refused.Message)
		for _, id := range refused.Rivals {
			fmt.Fprintf(&said, "\n\nThe %s %s has it. If that is the same one, adopt it:\n\n%s", o.Entity.Title, id, o.ImportBlock(id))
		}
		diags.AddAttributeError(at, o.Summary(), o.detail(e, said.String()))
	}
	if len(rest) > 0 {
		diags.AddError(o.Summary(), o.detail(e, "The server says: "+strings.Join(rest, "; ")))
	} else if !found {
		diags.AddError(o.Summary(), o.detail(e, ""))
	}
}

// sentence says why an operation ended without an answer of the API.
func sentence(err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return "The operation was cancelled. What is in the state is unchanged."
	case errors.Is(err, context.DeadlineExceeded):
		return "The operation's time (see the attribute timeouts) is over. What is in the state is unchanged."
	}
	return err.Error()
}

func (o Operation) detail(e *client.Error, said string) string {
	var b strings.Builder
	where := e.Path
	if e.Status == 0 && e.Host != "" {
		where += " at " + e.Host
	}
	fmt.Fprintf(&b, "%s %s: %s.", e.Method, where, e.Outcome())
	for _, paragraph := range []string{said, o.advice(e), o.repetition(e)} {
		if paragraph != "" {
			fmt.Fprintf(&b, "\n\n%s", paragraph)
		}
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, "\n\nTried %d times.", e.Attempts)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, "\n\nThe server's name for the request: %s", e.RequestID)
	}
	return b.String()
}

// advice says what to do next.
func (o Operation) advice(e *client.Error) string {
	switch {
	case e.OutcomeUnknown && o.Invite:
		return "It is not known whether the invite was sent. It was not sent again, since that could send it twice."
	case e.OutcomeUnknown:
		return o.unknownOutcome(e)
	case e.Status == http.StatusUnauthorized:
		return "The API does not accept the credentials. Check the provider's seven credentials, from customer_id to " +
			"client_secret (or the variables PIGELLO_CUSTOMER_ID to PIGELLO_CLIENT_SECRET), and that base_url or " +
			"environment is the one that they belong to."
	case e.Status == http.StatusForbidden:
		return "The API accepts the credentials but does not allow this. The service version (service_version_id) must " +
			"grant the permission, and be activated at a level that the object belongs to."
	case e.Status >= 300 && e.Status < 400:
		return "The server sends the request elsewhere" + to(e.Redirect) + ". The provider never follows, since that " +
			"would hand the credentials to another address. Check base_url or environment."
	case client.IsNotFound(e) && o.ID != "":
		return fmt.Sprintf("The %s %s does not exist, or is out of reach of the service version's level. If it was deleted "+
			"a moment ago, plan again; otherwise check the id.", o.Entity.Title, o.ID)
	case client.IsNotFound(e):
		return "There is no such address on the server. Check base_url or environment."
	case e.Status == http.StatusTooManyRequests && o.Invite:
		return "The API throttles. Lower -parallelism, or set max_requests_per_second."
	case e.Status == http.StatusTooManyRequests:
		return "The API throttles. Apply again later, lower -parallelism, or set max_requests_per_second."
	case o.Many && (e.Status >= 500 || e.Status == 0):
		return "Nothing is shown, since a part could be taken for the whole. Try again; if it goes on, see whether the API is up and reachable."
	case o.Invite && e.Status == 0:
		return "See whether the API is up and reachable."
	case e.Status >= 500 || e.Status == 0:
		return "What is in the state is unchanged. Apply again; if it goes on, see whether the API is up and reachable."
	}
	return ""
}

// repetition says how to send an invite once more.
func (o Operation) repetition(e *client.Error) string {
	if !o.Invite {
		return ""
	}
	again := "No invite was sent, and the next apply sends none: Terraform does not repeat an action by itself. Once the cause is gone, this sends one:"
	if e.OutcomeUnknown {
		again = "The next apply sends none, either: Terraform does not repeat an action by itself. Find out in Pigello whether it was sent. If not, this sends one:"
	}
	return fmt.Sprintf("%s\n\nterraform apply -invoke=action.%s.<name>", again, o.Type)
}

func (o Operation) unknownOutcome(e *client.Error) string {
	advice := fmt.Sprintf("It is not known whether the %s was created. It was not sent again, since that could create it twice. ", o.Entity.Title)
	if e.Search != nil {
		advice += fmt.Sprintf("Looking for it came to nothing (%s). ", e.Search)
	}
	if len(e.Candidates) == 0 {
		return advice + "Look for it in Pigello. If it is not there, apply again; if it is there, import it with its id:\n\n" +
			o.ImportBlock("<id>")
	}
	blocks := make([]string, len(e.Candidates))
	for i, id := range e.Candidates {
		blocks[i] = o.ImportBlock(id)
	}
	return advice + "These were made at that time and are as declared; if one of them is it, import it:\n\n" + strings.Join(blocks, "\n")
}

// ImportBlock returns an import block for an object of the operation's kind.
func (o Operation) ImportBlock(id string) string {
	return fmt.Sprintf("import {\n  to = %s.<name>\n  id = %q\n}\n", o.Type, id)
}

func to(host string) string {
	if host == "" {
		return ""
	}
	return ", to " + host
}
