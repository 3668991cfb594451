import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import rivet.tenants.fields
import rivet.tenants.identity
import sync.models
import sync.states
from rivet.tenants.migration_operations import CreatePartitionedModel, ProtectTenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("connections", "0001_connections"),
        ("ledger", "0001_revisions"),
        ("tenants", "0001_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreatePartitionedModel(
            name="Call",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "created_at", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.BigIntegerField(db_default=rivet.tenants.fields.NextEventId(), editable=False)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                ("connection_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=128)),
                ("method", models.CharField(max_length=6)),
                ("path", models.CharField(max_length=300)),
                ("wire", models.JSONField()),
                ("documents", models.PositiveSmallIntegerField()),
                ("connect_seconds", models.FloatField()),
                ("read_seconds", models.FloatField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("trace_id", models.CharField(blank=True, max_length=100)),
                ("trouble", models.CharField(blank=True, max_length=500)),
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
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SyncRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sync_now", "sync_now"),
                            ("retry_all", "retry_all"),
                            ("refresh", "refresh"),
                            ("health", "health"),
                        ],
                        max_length=20,
                    ),
                ),
                ("started_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow())),
                ("finished_at", models.DateTimeField(null=True)),
                ("queued", models.PositiveIntegerField(default=0)),
                ("pulled", models.PositiveIntegerField(default=0)),
                ("trouble", models.TextField(blank=True)),
                (
                    "connection",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="connections.connection",
                    ),
                ),
                (
                    "requested_by",
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
            name="OutboxEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                (
                    "source_kind",
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
                (
                    "operation",
                    models.CharField(
                        choices=[("create", "create"), ("update", "update"), ("void", "void")], max_length=10
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("generation", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "held"),
                            ("ready", "ready"),
                            ("claimed", "claimed"),
                            ("sending", "sending"),
                            ("uncertain", "uncertain"),
                            ("confirmed", "confirmed"),
                            ("rejected", "rejected"),
                            ("cancelled", "cancelled"),
                        ],
                        default=sync.states.State["READY"],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("due_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), null=True)),
                ("fence", models.PositiveIntegerField(default=0)),
                ("claimed_by", models.UUIDField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("crashes", models.PositiveSmallIntegerField(default=0)),
                ("looks", models.PositiveSmallIntegerField(default=0)),
                ("priority", models.PositiveSmallIntegerField(default=5)),
                ("first_sent_at", models.DateTimeField(null=True)),
                ("last_sent_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("label", models.CharField(max_length=300)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=15, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("has_warning", models.BooleanField(default=False)),
                (
                    "connection",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="connections.connection",
                    ),
                ),
                (
                    "revision",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="ledger.revision",
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
                    "run",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="sync.syncrun",
                    ),
                ),
            ],
        ),
        CreatePartitionedModel(
            name="Attempt",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "created_at", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.BigIntegerField(db_default=rivet.tenants.fields.NextEventId(), editable=False)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                ("entry_id", models.BigIntegerField()),
                ("call_id", models.BigIntegerField()),
                ("ref", models.CharField(max_length=10)),
                ("generation", models.PositiveSmallIntegerField()),
                ("fence", models.PositiveIntegerField()),
                ("outcome", models.CharField(blank=True, max_length=20)),
                ("code", models.CharField(blank=True, max_length=10)),
                ("detail", models.TextField(blank=True)),
                ("external_id", models.CharField(blank=True, max_length=80)),
                ("settled_at", models.DateTimeField(null=True)),
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
                    models.Index(fields=["tenant", "entry_id", "-id"], name="attempts_of_entry"),
                    models.Index(fields=["tenant", "call_id"], name="attempts_of_call"),
                ],
            },
        ),
        CreatePartitionedModel(
            name="CallBody",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "created_at", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.BigIntegerField(db_default=rivet.tenants.fields.NextEventId(), editable=False)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                ("call_id", models.BigIntegerField()),
                ("request", models.BinaryField()),
                ("answer", models.BinaryField(null=True)),
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
                "indexes": [models.Index(fields=["tenant", "call_id"], name="body_of_call")],
            },
        ),
        CreatePartitionedModel(
            name="LogLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "created_at", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.BigIntegerField(db_default=rivet.tenants.fields.NextEventId(), editable=False)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                ("connection_id", models.BigIntegerField(null=True)),
                ("direction", models.CharField(choices=[("push", "push"), ("pull", "pull")], max_length=4)),
                (
                    "severity",
                    models.CharField(
                        choices=[("info", "info"), ("warning", "warning"), ("error", "error")], max_length=10
                    ),
                ),
                ("entity", models.CharField(max_length=40)),
                ("label", models.CharField(blank=True, max_length=300)),
                ("status", models.CharField(max_length=20)),
                ("code", models.CharField(blank=True, max_length=10)),
                ("detail", models.TextField(blank=True)),
                ("entry_id", models.BigIntegerField(null=True)),
                ("attempt_id", models.BigIntegerField(null=True)),
                ("run_id", models.BigIntegerField(null=True)),
                ("actor_label", models.CharField(blank=True, max_length=254)),
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
                    models.Index(fields=["tenant", "-created_at", "-id"], name="log_newest"),
                    models.Index(
                        condition=models.Q(("severity__in", ["warning", "error"])),
                        fields=["tenant", "-created_at", "-id"],
                        name="log_troubled",
                    ),
                    models.Index(fields=["tenant", "entry_id", "-id"], name="log_of_entry"),
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryPayload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                ("generation", models.PositiveSmallIntegerField()),
                ("body", models.BinaryField()),
                ("endpoint", models.CharField(blank=True, max_length=40)),
                ("number", models.CharField(blank=True, max_length=100)),
                ("total", models.DecimalField(decimal_places=2, max_digits=15, null=True)),
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
                    "entry",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payloads",
                        to="sync.outboxentry",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("tenant", "entry", "generation"), name="payload_once")],
            },
        ),
        migrations.CreateModel(
            name="EntryNeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
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
                    "entry",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="sync.outboxentry",
                    ),
                ),
                (
                    "needs",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needed_by",
                        to="sync.outboxentry",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("tenant", "entry", "needs"), name="entry_need_once")],
            },
        ),
        migrations.CreateModel(
            name="Permit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("arrival_at", models.DateTimeField()),
                (
                    "connection",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "connection", "name"), name="permit_once")],
            },
        ),
        migrations.CreateModel(
            name="ReadyConnection",
            fields=[
                (
                    "connection",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="connections.connection",
                    ),
                ),
                ("due_at", models.DateTimeField(null=True)),
                ("not_before", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow())),
                ("last_turn_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow())),
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
                        condition=models.Q(("due_at__isnull", False)), fields=["last_turn_at"], name="ready_turns"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SyncIssue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=rivet.tenants.identity.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(db_default=rivet.tenants.fields.RivetNow(), editable=False)),
                ("code", models.CharField(max_length=10)),
                ("cause_key", models.CharField(max_length=200)),
                ("facts", models.JSONField(default=dict)),
                ("their_words", models.TextField(blank=True)),
                (
                    "severity",
                    models.CharField(
                        choices=[("info", "info"), ("warning", "warning"), ("error", "error")],
                        default=sync.models.Severity["ERROR"],
                        max_length=10,
                    ),
                ),
                ("resolved_at", models.DateTimeField(null=True)),
                ("resolution", models.CharField(blank=True, max_length=30)),
                (
                    "connection",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issues",
                        to="connections.connection",
                    ),
                ),
                (
                    "entry",
                    rivet.tenants.fields.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issues",
                        to="sync.outboxentry",
                    ),
                ),
                (
                    "resolved_by",
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("resolved_at", None)),
                        fields=["tenant", "severity", "cause_key"],
                        name="issue_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("resolved_at", None), ("severity", "error")),
                        fields=("tenant", "entry"),
                        name="issue_open_once",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="syncrun",
            index=models.Index(fields=["tenant", "-id"], name="run_newest"),
        ),
        migrations.AddIndex(
            model_name="outboxentry",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            sync.states.State["CLAIMED"],
                            sync.states.State["READY"],
                            sync.states.State["SENDING"],
                            sync.states.State["UNCERTAIN"],
                        ],
                    )
                ),
                fields=["connection", "priority", "due_at", "id"],
                name="entry_due",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxentry",
            index=models.Index(fields=["tenant", "state", "-id"], name="entry_by_state"),
        ),
        migrations.AddIndex(
            model_name="outboxentry",
            index=models.Index(fields=["tenant", "source_kind", "source_id"], name="entry_by_source"),
        ),
        migrations.AddIndex(
            model_name="outboxentry",
            index=models.Index(fields=["tenant", "run"], name="entry_by_run"),
        ),
        migrations.AddConstraint(
            model_name="outboxentry",
            constraint=models.UniqueConstraint(
                fields=("tenant", "connection", "source_kind", "source_id", "role", "revision", "operation", "round"),
                name="entry_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("first_sent_at", None), ("state__in", ["held", "ready"])),
                fields=("tenant", "connection", "source_kind", "source_id", "role"),
                name="entry_unsent_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["held", "ready", "claimed", "sending", "uncertain", "confirmed", "rejected", "cancelled"],
                    )
                ),
                name="entry_state_known",
            ),
        ),
        ProtectTenantTable("SyncRun"),
        ProtectTenantTable("OutboxEntry"),
        ProtectTenantTable("EntryNeed"),
        ProtectTenantTable("EntryPayload"),
        ProtectTenantTable("ReadyConnection"),
        ProtectTenantTable("Permit"),
        ProtectTenantTable("Call"),
        ProtectTenantTable("CallBody"),
        ProtectTenantTable("Attempt"),
        ProtectTenantTable("LogLine"),
        ProtectTenantTable("SyncIssue"),
        migrations.RunSQL(
            """
            -- The dispatcher sees which connection is due and marks its turn; never what is due.
            GRANT SELECT, UPDATE ON sync_readyconnection TO rivet_dispatch;
            CREATE POLICY dispatcher_reads ON sync_readyconnection FOR SELECT TO rivet_dispatch USING (true);
            CREATE POLICY dispatcher_turns ON sync_readyconnection FOR UPDATE TO rivet_dispatch USING (true);
            -- The hot tables: rows change state five times and must not bloat their indexes.
            ALTER TABLE sync_outboxentry SET (fillfactor = 75, autovacuum_vacuum_scale_factor = 0.01,
                autovacuum_vacuum_cost_limit = 2000);
            ALTER TABLE sync_readyconnection SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01);
            ALTER TABLE sync_permit SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01);
            -- The sync log is written and read, never changed.
            REVOKE UPDATE, DELETE ON sync_logline FROM rivet_app;
            """,
            migrations.RunSQL.noop,
        ),
    ]
