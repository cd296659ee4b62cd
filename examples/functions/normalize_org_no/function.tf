locals {
  # From a list with several spellings of the numbers.
  agencies = {
    "402000-1238"  = "Trapphuset AB"
    "165560360793" = "Portkoden AB" # as Swedish authorities write it
  }
}

# The address of a user stays the same if a hyphen or the 16 is added to the list, or removed from it.
resource "pigello_organization_user" "agency" {
  for_each = { for org_no, name in local.agencies : provider::pigello::normalize_org_no(org_no) => name }

  corporate_name = each.value
  org_no         = each.key
  detail_access  = 0
}
