variable "ada_ssn" {
  type      = string
  sensitive = true
}

resource "pigello_organization_user" "ada" {
  first_name                 = "Ada"
  detail_access              = 1
  ssn                        = var.ada_ssn
  ssn_is_coordination_number = provider::pigello::ssn_is_coordination_number(var.ada_ssn)
}
