variable "people" {
  description = "First names by custom_id."
  type        = map(string)
  default     = { "emp-1" = "Ada", "emp-2" = "Bo" }
}

resource "pigello_organization_user" "person" {
  for_each = var.people

  custom_id     = each.key
  first_name    = each.value
  detail_access = 0
}

# With ids_only, only ids enter the plan and the state.
data "pigello_organization_users" "active" {
  ids_only = true
  filters  = { "is_active" = "true" }
}

locals {
  declared   = [for user in pigello_organization_user.person : user.id]
  undeclared = setsubtract(data.pigello_organization_users.active.ids, local.declared)
}

check "everybody_who_may_sign_in_is_declared" {
  assert {
    condition     = length(local.undeclared) == 0
    error_message = "Users who may sign in and are not declared here: ${join(", ", local.undeclared)}."
  }
}
