# Invites every user once, when it has been created.
resource "pigello_organization_user" "caretaker" {
  for_each = {
    bo   = "Bo"
    cleo = "Cleo"
  }

  first_name    = each.value
  email         = "${each.key}@example.com"
  detail_access = 0

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.pigello_organization_user_invite.caretaker[each.key]]
    }
  }
}

action "pigello_organization_user_invite" "caretaker" {
  for_each = pigello_organization_user.caretaker

  config {
    user_id = each.value.id
  }
}

# Once more, to one of them:
# terraform apply -invoke='action.pigello_organization_user_invite.caretaker["bo"]'
