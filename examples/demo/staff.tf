# All people on a list, imported with one block.
resource "pigello_organization_user" "staff" {
  for_each = var.staff

  custom_id     = each.key
  first_name    = each.value.first_name
  detail_access = 0
}

import {
  for_each = var.staff

  to = pigello_organization_user.staff[each.key]
  id = each.value.id
}
