# By the user's id. What no other user has will do as well: email:…, custom_id:… or username:….
import {
  to = pigello_organization_user.ada
  id = "497f6eca-6276-4993-bfeb-53cbbbba6f08"
}

# Many users, by what the configuration knows of them (Terraform 1.7).
import {
  for_each = toset(["bo", "cleo"])
  to       = pigello_organization_user.caretaker[each.key]
  id       = "custom_id:caretaker-${each.key}"
}
