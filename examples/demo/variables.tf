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

variable "subtenant_custom_id" {
  description = "The subtenant who lives under protected identity."
  type        = string
  default     = "subtenant-1"
}

variable "protected_person" {
  description = "Who the subtenant really is."
  type = object({
    first_name = string
    last_name  = string
    birth_date = string
    ssn        = string
  })
  sensitive = true
  default = {
    first_name = "Elsa"
    last_name  = "Nyman"
    birth_date = "1992-07-04"
    ssn        = "19920704-9827"
  }
}
