from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_documents"),
    ]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="summary",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
