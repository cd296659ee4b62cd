package sandbox

// SubtenantID is the id of the subtenant that [Sandbox.Seed] stores. examples/demo protects the identity of that person.
const SubtenantID = "0d9a3f5e-7c41-4b8e-9f2a-6c1d5e8b7a30"

// Seed stores the objects that make demo and make sandbox start with: one of each kind, always with the same ids. None of them is
// declared in examples/demo. The provider takes an empty organization for wrong credentials. In one with a user, it believes that an
// object of an earlier session is gone.
func (s *Sandbox) Seed() {
	s.Put(Subtenant, map[string]any{
		"id":         SubtenantID,
		"custom_id":  "subtenant-1",
		"first_name": "Astrid",
		"last_name":  "Lindqvist",
		"email":      "astrid.lindqvist@example.com",
	})
	s.Put(OrganizationUser, map[string]any{
		"id":         "6a1f2c3d-4e5b-4f60-8a7b-9c8d7e6f5a41",
		"custom_id":  "janitor",
		"first_name": "Gun",
		"last_name":  "Berg",
		"email":      "gun.berg@example.com",
	})
	s.Put(ProtectedIdentity, map[string]any{
		"id":         "7b2e3d4c-5f6a-4071-9b8c-0d1e2f3a4b52",
		"custom_id":  "case-1",
		"tenant":     map[string]any{"id": "8c3f4e5d-6a7b-4182-8c9d-1e2f3a4b5c63"},
		"first_name": "Sonja",
	})
}
