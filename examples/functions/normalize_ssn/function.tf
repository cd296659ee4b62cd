# Personal numbers by custom_id, from a list with several spellings.
variable "people" {
  type      = map(string)
  sensitive = true

  validation {
    condition     = length(distinct([for ssn in values(var.people) : provider::pigello::normalize_ssn(ssn)])) == length(var.people)
    error_message = "Somebody is in the list twice."
  }
}
