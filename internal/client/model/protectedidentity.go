package model

// ProtectedIdentity is the personal data of a tenant or subtenant with protected identity. With this data, someone may find a person who is
// in danger, so no error and no log may show it.
var ProtectedIdentity = Entity{
	Name:         "protectedidentity",
	Title:        "protected identity",
	Plural:       "protected identities",
	Path:         "/accounts/users/customer/protectedidentity/",
	Confidential: true,
	Fields: []Field{
		{Name: "id", Kind: UUID, ReadOnly: true},
		{Name: "created_at", Kind: Instant, ReadOnly: true},
		{Name: "tenant", Kind: Relation},
		{Name: "sub_tenant", Kind: Relation},
		{Name: "custom_id", Kind: Text},
		{Name: "organization", Kind: Relation},
		{Name: "previous_address", Kind: Relation},
		{Name: "current_registered_address", Kind: Relation},
		{Name: "future_address", Kind: Relation},
		{Name: "first_name", Kind: Text, Personal: true},
		{Name: "last_name", Kind: Text, Personal: true},
		{Name: "email", Kind: Email, Personal: true},
		{Name: "phone_number", Kind: PhoneNumber, Personal: true},
		{Name: "birth_date", Kind: Date, Personal: true},
		{Name: "ssn", Kind: PersonalNumber, Personal: true},
	},
	Groups:      []Group{{Fields: []string{"tenant", "sub_tenant"}, Exclusive: true}},
	Identifying: []string{"tenant", "sub_tenant"},
	Keys:        []string{"tenant", "sub_tenant", "custom_id"},
	Unique:      []string{"tenant", "sub_tenant"},
}
