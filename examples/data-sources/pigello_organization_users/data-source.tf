# Active users with a role and an address in one domain, ordered by name, and then by date, the latest first.
data "pigello_organization_users" "example_com" {
  filters = {
    "email__iendswith" = "@example.com"
    "is_active"        = "true"
    "role_id__isnull!" = "true"
  }
  order_by = ["last_name", "-created_at"]
}

output "emails" {
  value = { for user in data.pigello_organization_users.example_com.users : user.id => user.email }
}
