package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// What examples/demo declares.
const (
	users       = 5 // a manager, three caretakers, a company
	identities  = 1
	subtenantID = "subtenant-1" // by custom_id
)

// The change that is made behind Terraform's back.
const (
	changedUser = "caretaker-bo" // by custom_id
	member      = "phone_number"
	strange     = "+46709999999"
)

// Exit codes of terraform plan -detailed-exitcode.
const (
	nothingToDo = 0
	changes     = 2
)

// play runs the demonstration, step by step.
func play(ctx context.Context, s *stage) error {
	s.sandbox.Put(sandbox.Subtenant, map[string]any{"custom_id": subtenantID, "corporate_name": "Lodger 1"})

	s.say("Pigello holds a subtenant and nobody else. Apply creates %d users and %d protected identity.", users, identities)
	if err := s.terraform(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	if err := s.expect(users, identities); err != nil {
		return err
	}

	s.say("Nothing has changed since, and the plan says so.")
	if err := s.terraform(ctx, nothingToDo, "plan", "-detailed-exitcode"); err != nil {
		return err
	}

	bo, err := s.user(changedUser)
	if err != nil {
		return err
	}
	declared := bo[member]
	s.say("Somebody gives %s another %s in Pigello, behind Terraform's back. The plan shows that, and nothing else.", changedUser, member)
	s.sandbox.Change(sandbox.OrganizationUser, fmt.Sprint(bo["id"]), map[string]any{member: strange})
	before := len(s.sandbox.Requests())
	if err := s.terraform(ctx, changes, "plan", "-detailed-exitcode"); err != nil {
		return err
	}
	if err := s.onlyReads(before); err != nil {
		return err
	}

	s.say("Apply makes it what was declared.")
	if err := s.terraform(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	if bo, err = s.user(changedUser); err != nil {
		return err
	}
	if bo[member] != declared {
		return fmt.Errorf("apply left %s of %s at %v, declared is %v", member, changedUser, bo[member], declared)
	}
	if err := s.terraform(ctx, nothingToDo, "plan", "-detailed-exitcode"); err != nil {
		return err
	}

	s.say("Destroy removes what Terraform made; the subtenant stays.")
	if err := s.terraform(ctx, 0, "destroy", "-auto-approve"); err != nil {
		return err
	}
	if err := s.expect(0, 0); err != nil {
		return err
	}
	if left := len(s.sandbox.All(sandbox.Subtenant)); left != 1 {
		return fmt.Errorf("%d subtenants are left in Pigello, not the one that it began with", left)
	}

	s.say("Done: every step went as it should, in %d requests to Pigello.", len(s.sandbox.Requests()))
	return nil
}

// expect checks how many objects Pigello holds.
func (s *stage) expect(users, identities int) error {
	if n := len(s.sandbox.All(sandbox.OrganizationUser)); n != users {
		return fmt.Errorf("%d users are in Pigello, not %d", n, users)
	}
	if n := len(s.sandbox.All(sandbox.ProtectedIdentity)); n != identities {
		return fmt.Errorf("%d protected identities are in Pigello, not %d", n, identities)
	}
	return nil
}

// user returns a user as Pigello holds it.
func (s *stage) user(customID string) (map[string]any, error) {
	for _, user := range s.sandbox.All(sandbox.OrganizationUser) {
		if user["custom_id"] == customID {
			return user, nil
		}
	}
	return nil, fmt.Errorf("no user in Pigello has the custom_id %s", customID)
}

// onlyReads checks that the requests since the given one have changed nothing.
func (s *stage) onlyReads(since int) error {
	for _, r := range s.sandbox.Requests()[since:] {
		if r.Method != http.MethodGet {
			return fmt.Errorf("a plan has sent %s %s", r.Method, r.Path)
		}
	}
	return nil
}
