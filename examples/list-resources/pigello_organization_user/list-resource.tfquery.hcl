# All users, up to the limit. The default of Terraform is 100.
list "pigello_organization_user" "all" {
  provider = pigello
  limit    = 10000
}

# Active users with an address in one domain, with all values that an import would write to the state.
list "pigello_organization_user" "active" {
  provider         = pigello
  include_resource = true

  config {
    filters = {
      "email__iendswith" = "@example.com"
      "is_active"        = "true"
    }
    order_by = ["last_name", "-created_at"]
  }
}
