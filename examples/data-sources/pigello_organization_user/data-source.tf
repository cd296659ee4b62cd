# By exactly one of id, custom_id, email and username.
data "pigello_organization_user" "caretaker" {
  email = "caretaker@example.com"
}

output "role_id" {
  value = data.pigello_organization_user.caretaker.role_id
}
