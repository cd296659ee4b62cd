# The protected identities of tenants, in contrast to those of subtenants. Nobody's name is shown.
list "pigello_protected_identity" "tenants" {
  provider = pigello
  limit    = 10000

  config {
    filters = {
      "tenant_id__isnull" = "false"
    }
  }
}
