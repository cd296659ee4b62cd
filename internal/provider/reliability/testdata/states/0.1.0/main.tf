variable "ssn" {
  type      = string
  default   = "19900101-2385"
  ephemeral = true
}

resource "pigello_organization_user" "ada" {
  detail_access   = 1
  first_name      = "Ada"
  email           = "ada@example.com"
  custom_id       = "emp-1"
  role_id         = "8d0f5c1e-7a3b-4c29-9e64-1b5d7f302a88"
  ssn_wo          = var.ssn
  on_destroy      = "deactivate"
  profile_picture = { source = "${path.module}/ada.png" }
}

resource "pigello_protected_identity" "case_7" {
  tenant_id        = "7e000000-0000-4000-8000-000000000001"
  custom_id        = "case-7"
  personal_data_wo = { first_name = "Elsa", ssn = var.ssn }
}
