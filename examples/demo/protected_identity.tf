resource "pigello_protected_identity" "protected" {
  sub_tenant_id    = var.sub_tenant_id
  custom_id        = "case-7"
  personal_data_wo = var.protected_person
}
