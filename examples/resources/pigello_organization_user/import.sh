# By the user's id.
terraform import pigello_organization_user.ada 497f6eca-6276-4993-bfeb-53cbbbba6f08
