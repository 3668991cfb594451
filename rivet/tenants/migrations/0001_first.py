from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import rivet.tenants.fields
import rivet.tenants.identity
import rivet.tenants.plans
from rivet.tenants.migration_operations import CreatePartitionedModel, ProtectTenantTable

SQL = Path(__file__).parent.parent / "sql"


def foundation(apps, schema_editor):
    schema_editor.execute((SQL / "foundation.sql").read_text(), params=None)


def people(apps, schema_editor):
    schema_editor.execute((SQL / "people.sql").read_text(), params=None)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunPython(foundation),
        migrations.CreateModel(
            name="Tenant",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "public_id",
                    models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True),
                ),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=120)),
                (
                    "plan",
                    models.CharField(
                        choices=[("starter", "Starter"), ("pro", "Pro"), ("scale", "Scale")],
                        default=rivet.tenants.plans.Plan["STARTER"],
                        max_length=20,
                    ),
                ),
                ("time_zone", models.CharField(default="America/New_York", max_length=60)),
                ("currency", models.CharField(default="USD", max_length=3)),
                (
                    "created_at",
                    models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "public_id",
                    models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("is_active", models.BooleanField(default=True)),
                ("is_staff", models.BooleanField(default=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(django.db.models.functions.text.Lower("email"), name="user_email_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "public_id",
                    models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("viewer", "Viewer"),
                            ("bookkeeper", "Bookkeeper"),
                            ("manager", "Manager"),
                            ("owner", "Owner"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="tenants.tenant",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("tenant", "user"), name="membership_once")],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "public_id",
                    models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False),
                ),
                ("email", models.EmailField(max_length=254)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("viewer", "Viewer"),
                            ("bookkeeper", "Bookkeeper"),
                            ("manager", "Manager"),
                            ("owner", "Owner"),
                        ],
                        max_length=20,
                    ),
                ),
                ("accepted_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
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
                        models.F("tenant"),
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("accepted_at", None), ("withdrawn_at", None)),
                        name="invitation_open_once",
                    )
                ],
            },
        ),
        CreatePartitionedModel(
            name="AuditEvent",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "created_at", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.BigIntegerField(db_default=rivet.tenants.fields.NextEventId(), editable=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False),
                ),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_label", models.CharField(max_length=254)),
                ("act", models.CharField(max_length=60)),
                ("subject_kind", models.CharField(max_length=40)),
                ("subject_id", models.UUIDField(null=True)),
                ("subject_label", models.CharField(blank=True, max_length=254)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("reason", models.TextField(blank=True)),
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
                "indexes": [models.Index(fields=["tenant", "-created_at", "-id"], name="audit_newest")],
            },
        ),
        ProtectTenantTable("Invitation"),
        ProtectTenantTable("AuditEvent"),
        migrations.RunPython(people),
    ]
