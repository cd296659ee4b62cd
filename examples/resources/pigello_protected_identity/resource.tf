# Terraform asks for it at every plan and apply, and does not store it.
variable "person" {
  description = "A person who lives under protected identity."
  type = object({
    first_name = string
    last_name  = string
    ssn        = string
  })
  ephemeral = true
}

resource "pigello_protected_identity" "person" {
  sub_tenant_id = "0d3f5a71-8b2c-4e6d-9f10-4a6c8e0b2d87"
  custom_id     = "case-7"

  personal_data_wo = {
    first_name = var.person.first_name
    last_name  = var.person.last_name
    ssn        = var.person.ssn
  }
}
