from decimal import Decimal

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import rivet.tenants.fields
import rivet.tenants.identity
from rivet.tenants.migration_operations import ProtectTenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_revisions"),
        ("tenants", "0001_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Contract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                (
                    "side",
                    models.CharField(choices=[("receivable", "receivable"), ("payable", "payable")], max_length=30),
                ),
                ("title", models.CharField(max_length=200)),
                ("original_sum", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                (
                    "posting_mode",
                    models.CharField(
                        blank=True,
                        choices=[("negative_line", "negative_line"), ("net_plus_journal", "net_plus_journal")],
                        max_length=30,
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
        ),
        migrations.CreateModel(
            name="Bill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                ("number", models.CharField(max_length=100)),
                (
                    "purpose",
                    models.CharField(
                        choices=[("progress", "progress"), ("release", "release")], default="progress", max_length=30
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("approved", "approved"),
                            ("reopened", "reopened"),
                            ("void", "void"),
                        ],
                        default="draft",
                        max_length=30,
                    ),
                ),
                ("due_date", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("memo", models.TextField(blank=True, max_length=10000)),
                ("gross", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("retainage", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("net", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("paid", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("voided_at", models.DateTimeField(blank=True, null=True)),
                ("bill_date", models.DateField()),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
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
                    "contract",
                    rivet.tenants.fields.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.contract",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                ("name", models.CharField(max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("street", models.CharField(blank=True, max_length=200)),
                ("city", models.CharField(blank=True, max_length=100)),
                ("state", models.CharField(blank=True, max_length=60)),
                ("postal_code", models.CharField(blank=True, max_length=20)),
                ("country", models.CharField(blank=True, max_length=60)),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
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
        migrations.AddField(
            model_name="contract",
            name="customer",
            field=rivet.tenants.fields.TenantForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contracts",
                to="ledger.customer",
            ),
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("vendors", "vendors"),
                            ("customers", "customers"),
                            ("projects", "projects"),
                            ("bills", "bills"),
                            ("invoices", "invoices"),
                        ],
                        max_length=30,
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("rows", models.JSONField(default=list)),
                ("unreadable", models.JSONField(default=list)),
                ("remarks", models.JSONField(default=list)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("imported_count", models.PositiveIntegerField(default=0)),
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
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                ("number", models.CharField(max_length=100)),
                (
                    "purpose",
                    models.CharField(
                        choices=[("progress", "progress"), ("release", "release")], default="progress", max_length=30
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("approved", "approved"),
                            ("reopened", "reopened"),
                            ("void", "void"),
                        ],
                        default="draft",
                        max_length=30,
                    ),
                ),
                ("due_date", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("memo", models.TextField(blank=True, max_length=10000)),
                ("gross", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("retainage", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("net", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("paid", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("voided_at", models.DateTimeField(blank=True, null=True)),
                ("application_number", models.PositiveIntegerField(blank=True, null=True)),
                ("period_end_date", models.DateField(blank=True, null=True)),
                ("invoice_date", models.DateField()),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contract",
                    rivet.tenants.fields.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.contract",
                    ),
                ),
                (
                    "customer",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoices",
                        to="ledger.customer",
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
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                ("amount", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("paid_date", models.DateField()),
                ("reference", models.CharField(blank=True, max_length=100)),
                ("voided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "bill",
                    rivet.tenants.fields.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="ledger.bill",
                    ),
                ),
                (
                    "invoice",
                    rivet.tenants.fields.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="ledger.invoice",
                    ),
                ),
                (
                    "recorded_by",
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
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                ("number", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=200)),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "active"), ("complete", "complete"), ("closed", "closed")],
                        default="active",
                        max_length=30,
                    ),
                ),
                (
                    "customer",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="ledger.customer",
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
        ),
        migrations.AddField(
            model_name="invoice",
            name="project",
            field=rivet.tenants.fields.TenantForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.project",
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="project",
            field=rivet.tenants.fields.TenantForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contracts",
                to="ledger.project",
            ),
        ),
        migrations.AddField(
            model_name="bill",
            name="project",
            field=rivet.tenants.fields.TenantForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.project",
            ),
        ),
        migrations.CreateModel(
            name="RetainageTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                ("effective_from", models.PositiveIntegerField(default=1)),
                ("work_rate", models.DecimalField(decimal_places=6, default=Decimal("0.00"), max_digits=18)),
                ("stored_rate", models.DecimalField(decimal_places=6, default=Decimal("0.00"), max_digits=18)),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("none", "none"),
                            ("prospective", "prospective"),
                            ("retroactive", "retroactive"),
                            ("stop", "stop"),
                        ],
                        default="none",
                        max_length=30,
                    ),
                ),
                ("threshold", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                (
                    "threshold_basis",
                    models.CharField(
                        choices=[("to_date", "to_date"), ("original", "original")], default="to_date", max_length=30
                    ),
                ),
                (
                    "crossing",
                    models.CharField(
                        choices=[
                            ("next_application", "next_application"),
                            ("whole_application", "whole_application"),
                            ("split", "split"),
                        ],
                        default="next_application",
                        max_length=30,
                    ),
                ),
                ("reduced_rate", models.DecimalField(decimal_places=6, default=Decimal("0.00"), max_digits=18)),
                ("cap_percent", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ("cap_amount", models.DecimalField(blank=True, decimal_places=2, max_digits=15, null=True)),
                (
                    "rounding",
                    models.CharField(
                        choices=[("per_line", "per_line"), ("total_then_allocate", "total_then_allocate")],
                        default="per_line",
                        max_length=30,
                    ),
                ),
                (
                    "contract",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
                        to="ledger.contract",
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
        ),
        migrations.CreateModel(
            name="SovLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                ("position", models.PositiveIntegerField()),
                ("item", models.CharField(blank=True, max_length=20)),
                ("description", models.CharField(max_length=500)),
                ("value", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("change_order", models.CharField(blank=True, max_length=20)),
                ("rate_override", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ("tag", models.CharField(blank=True, max_length=80)),
                (
                    "contract",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="ledger.contract",
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
        ),
        migrations.CreateModel(
            name="InvoiceLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                ("position", models.PositiveIntegerField()),
                ("description", models.CharField(max_length=500)),
                ("tag", models.CharField(blank=True, max_length=80)),
                ("previous", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("this_period", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("stored", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("work", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("retainage", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("rate_change", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("rounding", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("retainage_to_date", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("rounding_to_date", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("anchor_completed", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("anchor_stored", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("anchor_retainage", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("work_rate", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ("stored_rate", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ("is_reduced", models.BooleanField(default=False)),
                (
                    "invoice",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="ledger.invoice",
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
                    "sov_line",
                    rivet.tenants.fields.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.sovline",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Vendor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                ("name", models.CharField(max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("street", models.CharField(blank=True, max_length=200)),
                ("city", models.CharField(blank=True, max_length=100)),
                ("state", models.CharField(blank=True, max_length=60)),
                ("postal_code", models.CharField(blank=True, max_length=20)),
                ("country", models.CharField(blank=True, max_length=60)),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
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
            name="RetainageEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                (
                    "side",
                    models.CharField(choices=[("receivable", "receivable"), ("payable", "payable")], max_length=30),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("withheld", "withheld"),
                            ("released", "released"),
                            ("rate_change", "rate_change"),
                            ("rounding", "rounding"),
                            ("reversal", "reversal"),
                        ],
                        max_length=30,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("effective_date", models.DateField()),
                (
                    "bill",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retainage_entries",
                        to="ledger.bill",
                    ),
                ),
                (
                    "contract",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retainage_entries",
                        to="ledger.contract",
                    ),
                ),
                (
                    "customer",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.customer",
                    ),
                ),
                (
                    "invoice",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retainage_entries",
                        to="ledger.invoice",
                    ),
                ),
                (
                    "project",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.project",
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
                    "sov_line",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.sovline",
                    ),
                ),
                (
                    "vendor",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.vendor",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "retainage entries",
            },
        ),
        migrations.AddField(
            model_name="contract",
            name="vendor",
            field=rivet.tenants.fields.TenantForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contracts",
                to="ledger.vendor",
            ),
        ),
        migrations.AddField(
            model_name="bill",
            name="vendor",
            field=rivet.tenants.fields.TenantForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bills",
                to="ledger.vendor",
            ),
        ),
        migrations.CreateModel(
            name="BillLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                ("position", models.PositiveIntegerField()),
                ("description", models.CharField(max_length=500)),
                ("amount", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("retainage", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=15)),
                ("tag", models.CharField(blank=True, max_length=80)),
                (
                    "bill",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="ledger.bill",
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
                    models.UniqueConstraint(fields=("tenant", "bill", "position"), name="bill_line_position_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.UniqueConstraint(
                models.F("tenant"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("archived_at", None)),
                name="customer_name_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["vendors", "customers", "projects", "bills", "invoices"])),
                name="import_kind_known",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["tenant", "-paid_date", "-id"], name="payment_newest"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("bill__isnull", True), ("invoice__isnull", False)),
                    models.Q(("bill__isnull", False), ("invoice__isnull", True)),
                    _connector="OR",
                ),
                name="payment_of_one_document",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="payment_is_positive"),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.UniqueConstraint(
                models.F("tenant"), django.db.models.functions.text.Lower("number"), name="project_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["active", "complete", "closed"])), name="project_status_known"
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["tenant", "-invoice_date", "-id"], name="invoice_newest"),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(
                models.F("tenant"),
                django.db.models.functions.text.Lower("number"),
                condition=models.Q(("status", "void"), _negated=True),
                name="invoice_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "void"), _negated=True),
                fields=("tenant", "contract", "application_number"),
                name="application_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "net",
                        django.db.models.expressions.CombinedExpression(models.F("gross"), "-", models.F("retainage")),
                    )
                ),
                name="invoice_net_is_gross_less_retainage",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "approved", "reopened", "void"])),
                name="invoice_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["progress", "release"])), name="invoice_purpose_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="retainageterms",
            constraint=models.UniqueConstraint(
                fields=("tenant", "contract", "effective_from"), name="terms_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="retainageterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("rule__in", ["none", "prospective", "retroactive", "stop"])),
                name="terms_rule_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="retainageterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("threshold_basis__in", ["to_date", "original"])), name="terms_basis_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="retainageterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("crossing__in", ["next_application", "whole_application", "split"])),
                name="terms_crossing_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="retainageterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("rounding__in", ["per_line", "total_then_allocate"])), name="terms_rounding_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="retainageterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("work_rate__isnull", True),
                    models.Q(("work_rate__gte", 0), ("work_rate__lte", 100)),
                    _connector="OR",
                ),
                name="terms_work_rate_is_percent",
            ),
        ),
        migrations.AddConstraint(
            model_name="retainageterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stored_rate__isnull", True),
                    models.Q(("stored_rate__gte", 0), ("stored_rate__lte", 100)),
                    _connector="OR",
                ),
                name="terms_stored_rate_is_percent",
            ),
        ),
        migrations.AddConstraint(
            model_name="retainageterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reduced_rate__isnull", True),
                    models.Q(("reduced_rate__gte", 0), ("reduced_rate__lte", 100)),
                    _connector="OR",
                ),
                name="terms_reduced_rate_is_percent",
            ),
        ),
        migrations.AddConstraint(
            model_name="retainageterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("threshold__isnull", True),
                    models.Q(("threshold__gte", 0), ("threshold__lte", 100)),
                    _connector="OR",
                ),
                name="terms_threshold_is_percent",
            ),
        ),
        migrations.AddConstraint(
            model_name="retainageterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cap_percent__isnull", True),
                    models.Q(("cap_percent__gte", 0), ("cap_percent__lte", 100)),
                    _connector="OR",
                ),
                name="terms_cap_is_percent",
            ),
        ),
        migrations.AddConstraint(
            model_name="sovline",
            constraint=models.UniqueConstraint(fields=("tenant", "contract", "position"), name="sov_position_once"),
        ),
        migrations.AddConstraint(
            model_name="sovline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rate_override__isnull", True),
                    models.Q(("rate_override__gte", 0), ("rate_override__lte", 100)),
                    _connector="OR",
                ),
                name="sov_rate_is_percent",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoiceline",
            constraint=models.UniqueConstraint(
                fields=("tenant", "invoice", "position"), name="invoice_line_position_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="vendor",
            constraint=models.UniqueConstraint(
                models.F("tenant"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("archived_at", None)),
                name="vendor_name_once",
            ),
        ),
        migrations.AddIndex(
            model_name="retainageentry",
            index=models.Index(fields=["tenant", "contract"], name="retainage_by_contract"),
        ),
        migrations.AddIndex(
            model_name="retainageentry",
            index=models.Index(fields=["tenant", "customer", "project"], name="retainage_by_customer"),
        ),
        migrations.AddIndex(
            model_name="retainageentry",
            index=models.Index(fields=["tenant", "vendor", "project"], name="retainage_by_vendor"),
        ),
        migrations.AddConstraint(
            model_name="retainageentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("side__in", ["receivable", "payable"])), name="retainage_side_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="retainageentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["withheld", "released", "rate_change", "rounding", "reversal"])),
                name="retainage_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="retainageentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("bill__isnull", True),
                        ("customer__isnull", False),
                        ("side", "receivable"),
                        ("vendor__isnull", True),
                    ),
                    models.Q(
                        ("customer__isnull", True),
                        ("invoice__isnull", True),
                        ("side", "payable"),
                        ("vendor__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="retainage_side_has_its_party",
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("customer__isnull", False), ("side", "receivable"), ("vendor__isnull", True)),
                    models.Q(("customer__isnull", True), ("side", "payable"), ("vendor__isnull", False)),
                    _connector="OR",
                ),
                name="contract_side_has_its_party",
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(("posting_mode__in", ["", "negative_line", "net_plus_journal"])),
                name="contract_posting_mode_known",
            ),
        ),
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(fields=["tenant", "-bill_date", "-id"], name="bill_newest"),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.UniqueConstraint(
                models.F("tenant"),
                models.F("vendor"),
                django.db.models.functions.text.Lower("number"),
                condition=models.Q(("status", "void"), _negated=True),
                name="bill_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "net",
                        django.db.models.expressions.CombinedExpression(models.F("gross"), "-", models.F("retainage")),
                    )
                ),
                name="bill_net_is_gross_less_retainage",
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "approved", "reopened", "void"])), name="bill_status_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["progress", "release"])), name="bill_purpose_known"
            ),
        ),
        ProtectTenantTable("Customer"),
        ProtectTenantTable("Vendor"),
        ProtectTenantTable("Project"),
        ProtectTenantTable("Contract"),
        ProtectTenantTable("RetainageTerms"),
        ProtectTenantTable("SovLine"),
        ProtectTenantTable("Invoice"),
        ProtectTenantTable("InvoiceLine"),
        ProtectTenantTable("Bill"),
        ProtectTenantTable("BillLine"),
        ProtectTenantTable("Payment"),
        ProtectTenantTable("RetainageEntry"),
        ProtectTenantTable("ImportBatch"),
        # The sub-ledger and what was approved are written and read, never changed.
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE ON ledger_retainageentry, ledger_revision FROM rivet_app",
            "GRANT UPDATE, DELETE ON ledger_retainageentry, ledger_revision TO rivet_app",
        ),
    ]
