import {
  to = pigello_protected_identity.person
  identity = {
    id = "6b2d4f80-9c1e-4a7b-8d35-2e4f6a8c0b76"
  }
}
