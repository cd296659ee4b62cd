# The people are made up.

variable "role_id" {
  description = "The role of the caretakers."
  type        = string
  default     = "0c8a6b1e-5d2f-4e3a-9b7c-8f1d2a3b4c65"
}

variable "caretakers" {
  description = "First names by the name of the mailbox."
  type        = map(string)
  default = {
    bo   = "Bo"
    cleo = "Cleo"
    dag  = "Dag"
  }
}

# Sensitive hides the values in the output of Terraform. They are still in the state, and in full_name, which Pigello derives from the
# names and which Terraform shows.
variable "manager" {
  description = "The manager of the property."
  type = object({
    first_name   = string
    last_name    = string
    email        = string
    phone_number = string
    ssn          = string
  })
  sensitive = true
  default = {
    first_name   = "Ada"
    last_name    = "Lindgren"
    email        = "ada.lindgren@example.com"
    phone_number = "+46701234567"
    ssn          = "19850312-9804"
  }
}

variable "sub_tenant_id" {
  description = "The id of the subtenant who lives under protected identity. A data source would store who that is."
  type        = string
  default     = "0d9a3f5e-7c41-4b8e-9f2a-6c1d5e8b7a30"
}

# Ephemeral keeps the values out of the state and out of saved plans. Without a value, the protected identity has no personal data.
variable "protected_person" {
  description = "Who the subtenant really is: TF_VAR_protected_person, from a secret store."
  type = object({
    first_name = string
    last_name  = string
    birth_date = string
    ssn        = string
  })
  ephemeral = true
  default   = null
}

variable "staff" {
  description = "People who exist in Pigello already, by custom_id."
  type        = map(object({ id = string, first_name = string }))
  default     = {}
}
