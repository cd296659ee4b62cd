# By the id of the protected identity.
terraform import pigello_protected_identity.person 6b2d4f80-9c1e-4a7b-8d35-2e4f6a8c0b76

# By the tenant or subtenant whose identity is protected, or by custom_id.
terraform import pigello_protected_identity.person sub_tenant:0d3f5a71-8b2c-4e6d-9f10-4a6c8e0b2d87
terraform import pigello_protected_identity.person custom_id:case-7
