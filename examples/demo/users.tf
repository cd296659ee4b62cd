resource "pigello_organization_user" "manager" {
  custom_id     = "manager"
  first_name    = var.manager.first_name
  last_name     = var.manager.last_name
  email         = var.manager.email
  phone_number  = var.manager.phone_number
  ssn           = var.manager.ssn
  detail_access = 2
}

resource "pigello_organization_user" "caretaker" {
  for_each = var.caretakers

  custom_id     = "caretaker-${each.key}"
  first_name    = each.value
  email         = "${each.key}@example.com"
  phone_number  = "+46701234567"
  detail_access = 0
  role_id       = var.role_id
}

# A company, until its contract ends.
resource "pigello_organization_user" "agency" {
  custom_id      = "agency"
  corporate_name = "Trapphuset AB"
  org_no         = "402000-1238"
  email          = "office@trapphuset.example"
  detail_access  = 1
  active_to      = "2030-12-31T23:59:59+01:00"
}
