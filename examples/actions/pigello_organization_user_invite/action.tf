locals {
  caretakers = {
    bo   = "Bo"
    cleo = "Cleo"
  }
}

resource "pigello_organization_user" "caretaker" {
  for_each = local.caretakers

  first_name    = each.value
  email         = "${each.key}@example.com"
  detail_access = 0
}

# Invites every user once, when the user has been created. If the user is ever created again, with another id, so is this, which
# sends another invite. The user itself must not have the trigger: from Terraform 1.16 on, an action must not refer to what triggers it.
resource "terraform_data" "invite" {
  for_each         = local.caretakers
  triggers_replace = pigello_organization_user.caretaker[each.key].id

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.pigello_organization_user_invite.caretaker[each.key]]
    }
  }
}

action "pigello_organization_user_invite" "caretaker" {
  for_each = local.caretakers

  config {
    user_id = pigello_organization_user.caretaker[each.key].id
  }
}

# Once more, to one of them:
# terraform apply -invoke='action.pigello_organization_user_invite.caretaker["bo"]'
