from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forget_reports(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """A report that is kept without its ratings is computed again."""
    apps.get_model("annotator", "KeptReport").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("annotator", "0009_kept_reports"),
    ]

    operations = [
        migrations.RunPython(forget_reports, migrations.RunPython.noop),
        migrations.AddField(
            model_name="keptreport",
            name="ratings",
            field=models.BinaryField(default=b""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="snapshot",
            name="ratings",
            field=models.BinaryField(null=True),
        ),
    ]
