variable "ada_ssn" {
  type      = string
  sensitive = true
}

resource "pigello_organization_user" "ada" {
  first_name    = "Ada"
  detail_access = 1
  ssn           = var.ada_ssn

  # If a coordination number does not have the date, the function returns null.
  birth_date = provider::pigello::ssn_birth_date(var.ada_ssn)
}
