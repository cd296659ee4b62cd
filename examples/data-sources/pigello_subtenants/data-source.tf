# The ten newest companies among the subtenants in two real estates.
data "pigello_subtenants" "companies" {
  filters = {
    "corporate_name__isnull" = "false"
    "realestates__in"        = "8d0f5c1e-7a3b-4c29-9e64-1b5d7f302a88,1c9e7b40-2f5d-4a86-b3c7-6e8d0a4f5b12"
  }
  order_by = ["-created_at"]
  limit    = 10
}

output "subtenant_ids" {
  value = data.pigello_subtenants.companies.ids
}
