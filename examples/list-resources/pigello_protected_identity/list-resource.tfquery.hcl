# The protected identities of tenants, without those of subtenants. No names are shown.
list "pigello_protected_identity" "tenants" {
  provider = pigello
  limit    = 10000

  config {
    filters = {
      "tenant_id__isnull" = "false"
    }
  }
}
