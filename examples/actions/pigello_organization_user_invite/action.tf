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

# Invites each user once, after the user was created. If the user is created again, with another id, this resource is replaced, and
# sends another invite. The user itself must not have the trigger: from Terraform 1.16 on, an action must not refer to its trigger.
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

# To send an invite again to one of them:
# terraform apply -invoke='action.pigello_organization_user_invite.caretaker["bo"]'
