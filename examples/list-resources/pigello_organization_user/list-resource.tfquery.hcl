# Everybody, up to the limit: 100 unless it is said otherwise.
list "pigello_organization_user" "all" {
  provider = pigello
  limit    = 10000
}

# Those at one domain who may sign in, with what an import would bring into the state.
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
