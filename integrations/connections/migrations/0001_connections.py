import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import integrations.connections.models
import rivet.ledger.snapshots
import rivet.tenants.fields
import rivet.tenants.identity
from rivet.tenants.migration_operations import ProtectTenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0002_documents"),
        ("tenants", "0001_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                ("provider", models.CharField(choices=integrations.connections.models._providers, max_length=20)),
                ("subject", models.CharField(max_length=80)),
                ("sealed_tokens", models.BinaryField(default=bytes)),
                ("key_version", models.PositiveSmallIntegerField(default=0)),
                ("generation", models.PositiveIntegerField(default=0)),
                ("access_expires_at", models.DateTimeField(null=True)),
                ("refresh_expires_at", models.DateTimeField(null=True)),
                ("hard_expires_at", models.DateTimeField(null=True)),
                ("scopes", models.JSONField(default=list)),
                ("refreshing_since", models.DateTimeField(null=True)),
                ("refreshing_by", models.UUIDField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
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
        ),
        migrations.CreateModel(
            name="Connection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                ("provider", models.CharField(choices=integrations.connections.models._providers, max_length=20)),
                ("external_id", models.CharField(max_length=80)),
                ("external_connection_id", models.CharField(blank=True, max_length=80)),
                ("host", models.CharField(max_length=200)),
                ("company_name", models.CharField(max_length=200)),
                ("country", models.CharField(blank=True, max_length=10)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("closed_until", models.DateField(null=True)),
                ("settings", models.JSONField(default=dict)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("connected", "connected"),
                            ("needs_reauthorization", "needs_reauthorization"),
                            ("disconnected", "disconnected"),
                            ("error", "error"),
                        ],
                        default=integrations.connections.models.Status["CONNECTED"],
                        max_length=30,
                    ),
                ),
                ("problem_code", models.CharField(blank=True, max_length=10)),
                ("problem_detail", models.TextField(blank=True)),
                ("is_default", models.BooleanField(default=False)),
                (
                    "posting_mode",
                    models.CharField(
                        choices=[("negative_line", "negative_line"), ("net_plus_journal", "net_plus_journal")],
                        default=rivet.ledger.snapshots.PostingMode["NEGATIVE_LINE"],
                        max_length=20,
                    ),
                ),
                ("connected_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow())),
                ("disconnected_at", models.DateTimeField(null=True)),
                ("paused_at", models.DateTimeField(null=True)),
                ("lists_refreshed_at", models.DateTimeField(null=True)),
                ("last_posted_at", models.DateTimeField(null=True)),
                (
                    "connected_by",
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
                (
                    "grant",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="connections",
                        to="connections.grant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CompanyAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=20)),
                ("environment", models.CharField(max_length=200)),
                ("external_id", models.CharField(max_length=80)),
                ("subject", models.CharField(max_length=80)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
                (
                    "connection",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="connections.connection",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "environment", "external_id"), name="company_has_one_tenant"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectConnection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                (
                    "project",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.project",
                    ),
                ),
                (
                    "connection",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
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
                    models.UniqueConstraint(fields=("tenant", "project"), name="project_has_one_connection")
                ],
            },
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reconnected", "reconnected"),
                            ("disconnected", "disconnected"),
                            ("access_lost", "access_lost"),
                            ("mapping_saved", "mapping_saved"),
                            ("record_reactivated", "record_reactivated"),
                            ("lock_date_moved", "lock_date_moved"),
                            ("party_linked", "party_linked"),
                            ("lists_refreshed", "lists_refreshed"),
                            ("pause_changed", "pause_changed"),
                        ],
                        max_length=30,
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=120)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "connection",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at", None)), fields=["tenant", "connection", "id"], name="fact_unread"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(fields=("tenant", "provider", "subject"), name="grant_once"),
        ),
        migrations.AddConstraint(
            model_name="connection",
            constraint=models.UniqueConstraint(
                fields=("tenant", "provider", "external_id"), name="connection_company_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="connection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)), fields=("tenant",), name="connection_default_once"
            ),
        ),
        ProtectTenantTable("Grant"),
        ProtectTenantTable("Connection"),
        ProtectTenantTable("CompanyAddress"),
        ProtectTenantTable("ProjectConnection"),
        ProtectTenantTable("Fact"),
        migrations.RunSQL(
            """
            GRANT SELECT ON connections_companyaddress TO rivet_dispatch;
            CREATE POLICY dispatcher_reads ON connections_companyaddress FOR SELECT TO rivet_dispatch USING (true);
            """,
            migrations.RunSQL.noop,
        ),
    ]
