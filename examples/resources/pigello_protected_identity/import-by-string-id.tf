# By the subtenant whose identity is protected. tenant:…, custom_id:… or the id of the protected identity works as well.
import {
  to = pigello_protected_identity.person
  id = "sub_tenant:0d3f5a71-8b2c-4e6d-9f10-4a6c8e0b2d87"
}
