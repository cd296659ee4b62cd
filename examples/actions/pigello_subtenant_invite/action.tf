data "pigello_subtenant" "astrid" {
  custom_id = "subtenant-1"
}

# Sends an invite each time when you run
# terraform apply -invoke=action.pigello_subtenant_invite.astrid
action "pigello_subtenant_invite" "astrid" {
  config {
    sub_tenant_id = data.pigello_subtenant.astrid.id
  }
}
