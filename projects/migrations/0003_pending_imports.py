from django.db import migrations, models

from projects.immutable import keep_pending_texts, let_pending_texts_go


class Migration(migrations.Migration):
    dependencies = [("projects", "0002_guards")]
    operations = [
        migrations.AddField("article", "pending_import", models.UUIDField(blank=True, editable=False, null=True)),
        migrations.AddField("project", "column_mapping", models.JSONField(blank=True, null=True)),
        migrations.AddField("textversion", "pending", models.BooleanField(blank=True, editable=False, null=True)),
        migrations.AddIndex(
            "article",
            models.Index(
                condition=models.Q(pending_import__isnull=False), fields=["pending_import"], name="pending_articles"
            ),
        ),
        migrations.RunPython(let_pending_texts_go, keep_pending_texts),
    ]
