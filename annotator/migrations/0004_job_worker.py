from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotator", "0003_guards")]
    operations = [migrations.AddField("job", "worker", models.CharField(blank=True, max_length=300))]
