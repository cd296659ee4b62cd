package client

// OrganizationUser is a user of the organization: a person or a company that signs in to Pigello.
var OrganizationUser = Entity{
	Name:       "organizationuser",
	Title:      "organization user",
	Plural:     "organization users",
	Path:       "/accounts/users/organization/organizationuser/",
	InvitePath: "/accounts/users/auth/invite/organization/organizationuser/",
	Members: []Member{
		{Name: "id", Kind: UUID, ReadOnly: true},
		{Name: "username", Kind: Text, ReadOnly: true},
		{Name: "created_at", Kind: Instant, ReadOnly: true},
		{Name: "full_name", Kind: Any, ReadOnly: true},
		{Name: "communication_name", Kind: Any, ReadOnly: true},
		{Name: "detail_access", Kind: Integer, Required: true},
		{Name: "first_name", Kind: Text, Personal: true},
		{Name: "last_name", Kind: Text, Personal: true},
		{Name: "corporate_name", Kind: Text, Personal: true},
		{Name: "custom_id", Kind: Text},
		{Name: "email", Kind: Email, Personal: true},
		{Name: "phone_number", Kind: PhoneNumber, Personal: true},
		{Name: "birth_date", Kind: Date, Personal: true},
		{Name: "ssn", Kind: PersonalNumber, Personal: true},
		{Name: "ssn_is_coordination_number", Kind: Bool},
		{Name: "org_no", Kind: OrganizationNumber},
		{Name: "fmi", Kind: Text},
		{Name: "active_to", Kind: Instant},
		{Name: "is_active", Kind: Bool},
		{Name: "prefer_invoice_view_only", Kind: Bool},
		{Name: "anonymized", Kind: Bool},
		{Name: "anonymization_name", Kind: Text},
		{Name: "organization", Kind: Relation},
		{Name: "role", Kind: Relation},
		{Name: "external_clients", Kind: Relations},
		{Name: "debt_distribution_instruction", Kind: JSONArray},
		{Name: "reminder_distribution_instruction", Kind: JSONArray},
		{Name: "send_out_distribution_instruction", Kind: JSONArray},
		{Name: "invoice_distribution_instruction", Kind: JSONArray},
		{Name: "profile_picture", Kind: Picture},
		{Name: "last_login", Kind: Instant, ReadOnly: true},
		{Name: "hotp_invite_sendout_time", Kind: Instant, ReadOnly: true},
		{Name: "email_verified", Kind: Bool, ReadOnly: true},
		{Name: "phone_number_verified", Kind: Bool, ReadOnly: true},
		{Name: "mfa_has_totp", Kind: Bool, ReadOnly: true},
		{Name: "mfa_has_hotp", Kind: Bool, ReadOnly: true},
		{Name: "tags", Kind: Any, ReadOnly: true},
		{Name: "customer_columns", Kind: Any, ReadOnly: true},
	},
	Groups:      [][]string{{"first_name", "last_name", "corporate_name"}},
	Identifying: []string{"custom_id", "email", "ssn"},
}

// OrganizationUsers returns the users of the organization.
func (c *Client) OrganizationUsers() *Collection {
	return &Collection{client: c, Entity: OrganizationUser}
}
