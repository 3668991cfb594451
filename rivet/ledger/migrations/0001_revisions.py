import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import rivet.tenants.fields
import rivet.tenants.identity
from rivet.tenants.migration_operations import ProtectTenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenants", "0001_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("customer", "customer"),
                            ("vendor", "vendor"),
                            ("bill", "bill"),
                            ("invoice", "invoice"),
                            ("item", "item"),
                        ],
                        max_length=20,
                    ),
                ),
                ("source_id", models.BigIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("snapshot", models.JSONField()),
                (
                    "frozen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "kind", "source_id", "number"), name="revision_number_once"
                    )
                ],
            },
        ),
        ProtectTenantTable("Revision"),
    ]
