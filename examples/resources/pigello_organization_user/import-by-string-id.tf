import {
  to = pigello_organization_user.ada
  id = "497f6eca-6276-4993-bfeb-53cbbbba6f08"
}
