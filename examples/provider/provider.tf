terraform {
  required_version = ">= 1.11"

  required_providers {
    pigello = {
      source  = "pigello/pigello"
      version = "~> 0.1.0"
    }
  }
}

# Ephemeral: the value enters neither the state nor a saved plan.
variable "pigello_client_secret" {
  type      = string
  ephemeral = true
}

# All other values come from the environment, such as the secret from PIGELLO_CLIENT_SECRET. If all values are in the environment, the
# block may be empty.
provider "pigello" {
  environment        = "api" # production; "dev.api" is development
  customer_id        = "5b0f0f8c-5f0f-4a53-8c27-3d2a1e9b7c10"
  application_id     = "d1c7a8f2-0f4e-4d0b-9a34-6a5b8f7e2c21"
  service_id         = "8e2b4c6d-1a3f-4b5e-8d7c-9f0a1b2c3d32"
  service_version_id = "3f9d5e7a-2b4c-4e6f-9a8b-0c1d2e3f4a43"
  client_ct          = "accounts.integrationuseragent"
  client_entity      = "a7c9e1f3-3d5b-4f7a-8b9c-1e2f3a4b5c54"
  client_secret      = var.pigello_client_secret
}
