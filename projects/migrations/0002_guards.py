from django.db import migrations

from projects.immutable import install_of_projects, remove_of_projects


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]
    operations = [migrations.RunPython(install_of_projects, remove_of_projects)]
