from django.db import migrations

from projects.immutable import install_of_annotator, remove_of_annotator


class Migration(migrations.Migration):
    dependencies = [("annotator", "0002_initial"), ("projects", "0002_guards")]
    operations = [migrations.RunPython(install_of_annotator, remove_of_annotator)]
