variable "tenant_ids" {
  description = "The tenant who moves from one contract to another, known by two ids."
  type        = object({ old = string, new = string })
}

# Read at every plan and apply; nothing of it is stored.
ephemeral "pigello_protected_identity" "old" {
  tenant_id = var.tenant_ids.old
}

resource "pigello_protected_identity" "new" {
  tenant_id = var.tenant_ids.new

  personal_data_wo = {
    first_name   = ephemeral.pigello_protected_identity.old.first_name
    last_name    = ephemeral.pigello_protected_identity.old.last_name
    email        = ephemeral.pigello_protected_identity.old.email
    phone_number = ephemeral.pigello_protected_identity.old.phone_number
    birth_date   = ephemeral.pigello_protected_identity.old.birth_date
    ssn          = ephemeral.pigello_protected_identity.old.ssn
  }
}
