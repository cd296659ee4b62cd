output "manager_id" {
  description = "The manager's id in Pigello."
  value       = pigello_organization_user.manager.id
}

output "caretaker_ids" {
  description = "The caretakers' ids in Pigello, by the name of the mailbox."
  value       = { for name, user in pigello_organization_user.caretaker : name => user.id }
}
