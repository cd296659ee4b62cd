# By exactly one of id, custom_id, email, ssn and org_no.
data "pigello_subtenant" "by_custom_id" {
  custom_id = "subtenant-17"
}

output "address_id" {
  value = data.pigello_subtenant.by_custom_id.current_registered_address_id
}
