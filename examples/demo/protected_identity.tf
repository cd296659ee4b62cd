data "pigello_subtenant" "protected" {
  custom_id = var.subtenant_custom_id
}

resource "pigello_protected_identity" "protected" {
  sub_tenant_id = data.pigello_subtenant.protected.id
  custom_id     = "case-7"
  first_name    = var.protected_person.first_name
  last_name     = var.protected_person.last_name
  birth_date    = var.protected_person.birth_date
  ssn           = var.protected_person.ssn
}
