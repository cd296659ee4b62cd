terraform {
  required_version = ">= 1.11"

  required_providers {
    pigello = {
      source = "pigello/pigello"
    }
  }
}

provider "pigello" {}

# The role of the caretakers, from a user who has it.
data "pigello_organization_user" "caretaker" {
  custom_id = "emp-2"
}

locals {
  people = {
    for person in csvdecode(file("${path.module}/people.csv")) : person.custom_id => {
      for column, cell in person : column => cell == "" ? null : cell
    }
  }

  roles = {
    caretaker = data.pigello_organization_user.caretaker.role_id
    manager   = "0c8a6b1e-5d2f-4e3a-9b7c-8f1d2a3b4c65"
  }
}

resource "pigello_organization_user" "person" {
  for_each = local.people

  custom_id     = each.key
  first_name    = each.value.first_name
  last_name     = each.value.last_name
  email         = each.value.email
  phone_number  = each.value.phone_number
  role_id       = each.value.role == null ? null : local.roles[each.value.role]
  detail_access = each.value.detail_access
  is_active     = each.value.is_active
  on_destroy    = "deactivate"
}

output "ids" {
  value = { for custom_id, user in pigello_organization_user.person : custom_id => user.id }
}
