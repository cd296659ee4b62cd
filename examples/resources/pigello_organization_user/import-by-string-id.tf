# By the user's id. A unique email:…, custom_id:… or username:… works as well.
import {
  to = pigello_organization_user.ada
  id = "497f6eca-6276-4993-bfeb-53cbbbba6f08"
}

# Many users, by a key in the configuration (Terraform 1.7).
import {
  for_each = toset(["bo", "cleo"])
  to       = pigello_organization_user.caretaker[each.key]
  id       = "custom_id:caretaker-${each.key}"
}
