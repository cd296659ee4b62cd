# Terraform asks for it at every plan and apply, and does not store it.
variable "ada_ssn" {
  type      = string
  ephemeral = true
}

# A person. If you remove a line later, the next apply clears the value in Pigello.
resource "pigello_organization_user" "ada" {
  custom_id     = "emp-42"
  first_name    = "Ada"
  last_name     = "Lindgren"
  email         = "ada@example.com"
  phone_number  = "+46701234567"
  ssn_wo        = var.ada_ssn
  detail_access = 2
  role_id       = "0c8a6b1e-5d2f-4e3a-9b7c-8f1d2a3b4c65"

  # A file next to this one. A changed file shows up in the next plan.
  profile_picture = {
    source = "${path.module}/portrait.png"
  }
}

# Many people, one block.
resource "pigello_organization_user" "caretaker" {
  for_each = {
    bo   = "Bo"
    cleo = "Cleo"
  }

  custom_id     = "caretaker-${each.key}"
  first_name    = each.value
  email         = "${each.key}@example.com"
  detail_access = 0
}

# A company, until its contract ends.
resource "pigello_organization_user" "agency" {
  corporate_name = "Trapphuset AB"
  org_no         = "402000-1238"
  email          = "office@trapphuset.example"
  detail_access  = 1
  active_to      = "2030-12-31T23:59:59+01:00"
}
