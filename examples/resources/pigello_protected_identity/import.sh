# By the id of the protected identity.
terraform import pigello_protected_identity.person 6b2d4f80-9c1e-4a7b-8d35-2e4f6a8c0b76
