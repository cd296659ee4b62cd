# The provider without Pigello: it checks values as usual, sends no requests, and needs no credentials.
mock_provider "pigello" {
  # The values that Pigello would return. Terraform makes up all others: a random text, false, 0 or an empty list. The resource below
  # uses this role_id, which must be a UUID.
  mock_data "pigello_organization_user" {
    defaults = {
      role_id = "8d0f5c1e-7a3b-4c29-9e64-1b5d7f302a88"
    }
  }

  mock_resource "pigello_organization_user" {
    defaults = {
      id         = "497f6eca-6276-4993-bfeb-53cbbbba6f08"
      created_at = "2026-01-01T12:00:00Z"
    }
  }
}

run "everybody_is_complete" {
  command = plan

  assert {
    condition     = alltrue([for person in pigello_organization_user.person : person.email != null])
    error_message = "Somebody has no e-mail address, and so cannot be invited."
  }

  assert {
    condition     = length(distinct([for person in pigello_organization_user.person : person.email])) == length(pigello_organization_user.person)
    error_message = "Two people have one e-mail address."
  }
}

run "few_see_everything" {
  command = plan

  assert {
    condition     = length([for person in pigello_organization_user.person : person if person.detail_access == 2]) <= 3
    error_message = "More than three people have detail_access 2."
  }
}

run "nobody_is_deleted_with_a_line" {
  command = plan

  assert {
    condition     = alltrue([for person in pigello_organization_user.person : person.on_destroy == "deactivate"])
    error_message = "A line that is removed would delete somebody."
  }
}

# After an apply, the test also has the values that Pigello would return.
run "ids_are_known" {
  command = apply

  assert {
    condition     = alltrue([for id in values(output.ids) : can(regex("^[0-9a-f-]{36}$", id))])
    error_message = "An id is no UUID."
  }
}
