# By the user's id.
terraform import pigello_organization_user.ada 497f6eca-6276-4993-bfeb-53cbbbba6f08

# By a unique email, custom_id or username. If several users have it, the error lists them.
terraform import pigello_organization_user.ada email:ada@example.com
terraform import pigello_organization_user.ada custom_id:emp-42
