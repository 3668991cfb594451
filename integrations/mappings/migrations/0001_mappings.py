import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import rivet.tenants.fields
import rivet.tenants.identity
from rivet.tenants.migration_operations import ProtectTenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("connections", "0001_connections"),
        ("tenants", "0001_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("revenue", "revenue"),
                            ("retainage_receivable", "retainage_receivable"),
                            ("retainage_payable", "retainage_payable"),
                            ("default_expense", "default_expense"),
                        ],
                        max_length=30,
                    ),
                ),
                ("external_id", models.CharField(max_length=80)),
                ("item_id", models.CharField(blank=True, max_length=80)),
                ("chosen_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow())),
                (
                    "chosen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "connection",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="account_mappings",
                        to="connections.connection",
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
                    models.UniqueConstraint(fields=("tenant", "connection", "role"), name="account_mapping_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                ("source_kind", models.CharField(max_length=20)),
                ("source_id", models.BigIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("customer", "customer"),
                            ("vendor", "vendor"),
                            ("item", "item"),
                            ("bill", "bill"),
                            ("invoice", "invoice"),
                            ("retainage_journal", "retainage_journal"),
                        ],
                        max_length=30,
                    ),
                ),
                ("external_id", models.CharField(max_length=80)),
                ("version", models.CharField(blank=True, max_length=60)),
                ("number", models.CharField(blank=True, max_length=100)),
                ("line_ids", models.JSONField(default=list)),
                ("sent_hash", models.CharField(blank=True, max_length=64)),
                ("our_total", models.DecimalField(decimal_places=2, max_digits=15, null=True)),
                ("their_total", models.DecimalField(decimal_places=2, max_digits=15, null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "connection",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="connections.connection",
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
                        condition=models.Q(("ended_at", None)),
                        fields=("tenant", "connection", "source_kind", "source_id", "role"),
                        name="link_live_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MirrorRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("account", "account"),
                            ("tag", "tag"),
                            ("tax_code", "tax_code"),
                            ("item", "item"),
                            ("customer", "customer"),
                            ("vendor", "vendor"),
                        ],
                        max_length=20,
                    ),
                ),
                ("external_id", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=500)),
                ("code", models.CharField(blank=True, max_length=50)),
                ("is_active", models.BooleanField(default=True)),
                ("parent_id", models.CharField(blank=True, max_length=80)),
                ("parent_name", models.CharField(blank=True, max_length=500)),
                (
                    "use",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("receivable", "receivable"),
                            ("payable", "payable"),
                            ("bank", "bank"),
                            ("current_asset", "current_asset"),
                            ("other_asset", "other_asset"),
                            ("current_liability", "current_liability"),
                            ("other_liability", "other_liability"),
                            ("equity", "equity"),
                            ("income", "income"),
                            ("expense", "expense"),
                            ("system", "system"),
                        ],
                        max_length=30,
                    ),
                ),
                ("their_type", models.CharField(blank=True, max_length=120)),
                ("detail", models.CharField(blank=True, max_length=500)),
                ("version", models.CharField(blank=True, max_length=60)),
                ("seen_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow())),
                (
                    "connection",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mirror",
                        to="connections.connection",
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
                        fields=("tenant", "connection", "kind", "external_id"), name="mirror_record_once"
                    )
                ],
            },
        ),
        ProtectTenantTable("MirrorRecord"),
        ProtectTenantTable("AccountMapping"),
        ProtectTenantTable("Link"),
    ]
