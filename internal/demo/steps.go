package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// How many objects examples/demo declares, and how many exist before.
const (
	users      = 5 // a manager, three caretakers, a company
	identities = 1
	undeclared = 1 // objects of each kind that are not in the configuration
	staff      = 300
)

// Exit codes of terraform plan -detailed-exitcode, and of grep.
const (
	nothingToDo = 0
	failed      = 1
	changes     = 2
	noMatch     = 1
)

// The values that are changed without Terraform.
const (
	changedUser   = "caretaker-bo" // by custom_id
	changedNumber = "+46709999999"
	protected     = "case-7" // by custom_id
	changedName   = "Nilsson"
)

// managerName is the manager's full_name, which Pigello derives from the sensitive first and last name. It is not sensitive.
const managerName = "Ada Lindgren"

// protectedPerson is the value of the variable protected_person.
var protectedPerson = map[string]string{"first_name": "Elsa", "last_name": "Nyman", "birth_date": "1992-07-04", "ssn": "19920704-9827"}

// maxPlanRequests is how many requests a plan of all people may take.
const maxPlanRequests = 15

// runSteps runs the demo.
func runSteps(ctx context.Context, s *session) error {
	person, err := json.Marshal(protectedPerson)
	if err != nil {
		return err
	}
	s.set("TF_VAR_protected_person", string(person))
	for _, step := range []func(context.Context, *session) error{
		create, drift, protect, loseResponse, useWrongCustomer, adopt, destroy,
	} {
		if err := step(ctx, s); err != nil {
			return err
		}
	}
	fmt.Fprintf(s.out, "\nDone: everything went as it should. Nothing is left behind.\n")
	return nil
}

// create applies the configuration, and plans once more.
func create(ctx context.Context, s *session) error {
	s.say("Create. examples/demo declares %d users and %d protected identity.", users, identities)
	if err := s.terraform(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	if err := s.expect(users+undeclared, identities+undeclared); err != nil {
		return err
	}
	s.say("Plan again. Nothing differs.")
	return s.terraform(ctx, nothingToDo, "plan", "-detailed-exitcode")
}

// drift changes a user without Terraform. Terraform finds the change and undoes it.
func drift(ctx context.Context, s *session) error {
	bo, err := s.find(sandbox.OrganizationUser, changedUser)
	if err != nil {
		return err
	}
	declared := bo["phone_number"]
	s.say("Drift. Somebody changes the phone number of %s in Pigello. The plan shows that and nothing else.", changedUser)
	s.sandbox.Change(sandbox.OrganizationUser, fmt.Sprint(bo["id"]), map[string]any{"phone_number": changedNumber})
	before := len(s.sandbox.Requests())
	if err := s.terraform(ctx, changes, "plan", "-detailed-exitcode"); err != nil {
		return err
	}
	s.note("exit code %d: something differs. A pipeline can look for that every night.", changes)
	if err := onlyReads(s.sandbox.Requests()[before:]); err != nil {
		return err
	}

	s.say("Repair.")
	if err := s.terraform(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	if bo, err = s.find(sandbox.OrganizationUser, changedUser); err != nil {
		return err
	}
	if bo["phone_number"] != declared {
		return fmt.Errorf("apply left the phone number of %s at %v, declared is %v", changedUser, bo["phone_number"], declared)
	}
	return s.terraform(ctx, nothingToDo, "plan", "-detailed-exitcode")
}

// protect shows that the state holds no data of the protected person, and that the plan still finds a difference.
func protect(ctx context.Context, s *session) error {
	s.say("Protected identity. The personal data is declared write-only. Search the state for it.")
	search := []string{"-c"}
	for _, name := range []string{"first_name", "last_name", "birth_date", "ssn"} {
		search = append(search, "-e", protectedPerson[name])
	}
	whole := func(output string) string { return output }
	if err := s.run(ctx, whole, noMatch, "grep", append(search, "terraform.tfstate")...); err != nil {
		return err
	}
	state, err := s.state()
	if err != nil {
		return err
	}
	if !strings.Contains(state, managerName) {
		return errors.New("the state does not hold the manager's name")
	}
	s.note("The state holds none of it. It holds the manager, who is a sensitive variable: that hides values in the output only.")

	identity, err := s.find(sandbox.ProtectedIdentity, protected)
	if err != nil {
		return err
	}
	s.say("Somebody changes the last name of that person. The plan finds the difference, and names it without a value.")
	s.sandbox.Change(sandbox.ProtectedIdentity, fmt.Sprint(identity["id"]), map[string]any{"last_name": changedName})
	if err := s.terraform(ctx, changes, "plan", "-detailed-exitcode"); err != nil {
		return err
	}
	if err := s.terraform(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	if identity, err = s.find(sandbox.ProtectedIdentity, protected); err != nil {
		return err
	}
	for name, want := range protectedPerson {
		if identity[name] != want {
			return fmt.Errorf("%s of the protected identity is not as declared", name)
		}
	}
	return nil
}

// loseResponse creates a user although the connection breaks before the response.
func loseResponse(ctx context.Context, s *session) error {
	s.say("A lost response. A fourth caretaker is declared; Pigello creates the user, and the connection breaks before the response.")
	caretakers := `{"caretakers": {"bo": "Bo", "cleo": "Cleo", "dag": "Dag", "eva": "Eva"}}`
	if err := s.write("caretakers.auto.tfvars.json", caretakers); err != nil {
		return err
	}
	s.sandbox.Inject(sandbox.Fault{Method: http.MethodPost, Drop: true, AfterCommit: true})
	before := len(s.sandbox.Requests())
	if err := s.terraform(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	creations := 0
	for _, r := range s.sandbox.Requests()[before:] {
		if r.Method == http.MethodPost {
			creations++
		}
	}
	if creations != 1 {
		return fmt.Errorf("the user was sent %d times", creations)
	}
	if err := s.expect(users+1+undeclared, identities+undeclared); err != nil {
		return err
	}
	s.note("The provider looked for the user, and found it: 1 creation was sent, and 1 Eva exists.")
	return s.terraform(ctx, nothingToDo, "plan", "-detailed-exitcode")
}

// useWrongCustomer runs Terraform with the credentials of another customer, where none of these people exist.
func useWrongCustomer(ctx context.Context, s *session) error {
	s.say("The wrong customer. A pipeline is given another %s, where none of these people exist.", customerVariable)
	before, err := s.state()
	if err != nil {
		return err
	}
	env := s.env
	s.set(customerVariable, otherCustomer)
	err = s.terraform(ctx, failed, "apply", "-auto-approve")
	s.env = env
	if err != nil {
		return err
	}
	after, err := s.state()
	if err != nil {
		return err
	}
	if after != before {
		return errors.New("the state has changed")
	}
	if err := onlyReads(s.other.Requests()); err != nil {
		return err
	}
	s.note("Nobody was forgotten, and nobody was created there: the state is the same, byte by byte.")
	return nil
}

// adopt imports many existing people, and counts the requests of a plan of all people.
func adopt(ctx context.Context, s *session) error {
	s.say("Adopt %d people who exist in Pigello already. One import block imports them all, and changes none.", staff)
	list := map[string]map[string]string{}
	for i := range staff {
		customID, name := fmt.Sprintf("emp-%03d", i+1), fmt.Sprintf("Employee %d", i+1)
		id := s.sandbox.Put(sandbox.OrganizationUser, map[string]any{"custom_id": customID, "first_name": name, "detail_access": 0})
		list[customID] = map[string]string{"id": id, "first_name": name}
	}
	content, err := json.Marshal(map[string]any{"staff": list})
	if err != nil {
		return err
	}
	if err := s.write("staff.auto.tfvars.json", string(content)); err != nil {
		return err
	}
	before := len(s.sandbox.Requests())
	if err := s.terraform(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	if err := onlyReads(s.sandbox.Requests()[before:]); err != nil {
		return err
	}

	s.say("Plan them all. Pigello is not asked for each.")
	before = len(s.sandbox.Requests())
	if err := s.terraform(ctx, nothingToDo, "plan", "-detailed-exitcode"); err != nil {
		return err
	}
	requests := len(s.sandbox.Requests()) - before
	if requests > maxPlanRequests {
		return fmt.Errorf("the plan took %d requests", requests)
	}
	s.note("%d objects were compared with %d requests.", users+1+identities+staff, requests)
	return nil
}

// destroy destroys all objects that Terraform manages.
func destroy(ctx context.Context, s *session) error {
	s.say("Destroy. Whoever is not declared stays.")
	if err := s.terraform(ctx, 0, "destroy", "-auto-approve"); err != nil {
		return err
	}
	return s.expect(undeclared, undeclared)
}

// expect checks how many objects there are in Pigello.
func (s *session) expect(users, identities int) error {
	for kind, want := range map[string]int{
		sandbox.OrganizationUser: users, sandbox.ProtectedIdentity: identities, sandbox.Subtenant: undeclared,
	} {
		if n := len(s.sandbox.All(kind)); n != want {
			return fmt.Errorf("%d objects of the kind %s are in Pigello, not %d", n, kind, want)
		}
	}
	return nil
}

// find returns an object as Pigello stores it.
func (s *session) find(kind, customID string) (map[string]any, error) {
	for _, object := range s.sandbox.All(kind) {
		if object["custom_id"] == customID {
			return object, nil
		}
	}
	return nil, fmt.Errorf("no %s in Pigello has the custom_id %s", kind, customID)
}

// onlyReads returns an error if a request is a write.
func onlyReads(requests []sandbox.Request) error {
	for _, r := range requests {
		if r.Method != http.MethodGet {
			return fmt.Errorf("%s %s was sent", r.Method, r.Path)
		}
	}
	return nil
}
