"""The outbox and what is remembered about every attempt to empty it."""

from enum import StrEnum

from django.db import models

from integrations.connections.models import Connection
from integrations.ports import Operation, Role
from rivet.ledger.models import Revision
from rivet.ledger.snapshots import SourceKind
from rivet.tenants.fields import EventModel, RivetNow, TenantForeignKey, TenantManager, TenantModel
from sync.states import TIMED, State


class RunKind(StrEnum):
    SYNC_NOW = "sync_now"
    RETRY_ALL = "retry_all"
    REFRESH = "refresh"
    HEALTH = "health"


class ChoreKind(StrEnum):
    """What is read from their books: by a person's wish, every night, or several times a day."""

    LISTS = "lists"
    NIGHTLY = "nightly"
    HEALTH = "health"


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Direction(StrEnum):
    PUSH = "push"
    PULL = "pull"


def _choices(kinds: type[StrEnum]) -> list[tuple[str, str]]:
    return [(kind.value, kind.value) for kind in kinds]


class SyncRun(TenantModel):
    """Something that was set going for many records at once, by a person or the clock."""

    kind = models.CharField(max_length=20, choices=_choices(RunKind))
    #: Null means every connection of the tenant.
    connection = TenantForeignKey(Connection, null=True, related_name="runs")
    requested_by = models.ForeignKey("tenants.User", on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(db_default=RivetNow())
    finished_at = models.DateTimeField(null=True)
    #: Records it set going, and list rows it read.
    queued = models.PositiveIntegerField(default=0)
    pulled = models.PositiveIntegerField(default=0)
    #: One sentence when the run itself could not do its work.
    trouble = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["tenant", "-id"], name="run_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class OutboxEntry(TenantModel):
    """One intended write to one company. The row is the truth; messages are hints."""

    connection = TenantForeignKey(Connection, related_name="entries")
    source_kind = models.CharField(max_length=20, choices=_choices(SourceKind))
    source_id = models.BigIntegerField()
    role = models.CharField(max_length=30, choices=_choices(Role))
    operation = models.CharField(max_length=10, choices=_choices(Operation))
    revision = TenantForeignKey(Revision, related_name="entries")
    #: Rises when a person says "post again as new".
    round = models.PositiveSmallIntegerField(default=1)
    #: Rises when the last attempt is proven rejected or absent; each generation has its own key and bytes.
    generation = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=_choices(State), default=State.READY)
    #: ``Hold`` or ``Cancellation`` of a held or cancelled entry.
    reason = models.CharField(max_length=20, blank=True)
    #: Ready: when to send. Claimed, sending: when the lease ends. Uncertain: when to look it up.
    due_at = models.DateTimeField(db_default=RivetNow(), null=True)
    #: Who claimed it and the number of that claim: a ghost's later writes match neither.
    fence = models.PositiveIntegerField(default=0)
    claimed_by = models.UUIDField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    #: Leases that ended without a word; three put the entry aside.
    crashes = models.PositiveSmallIntegerField(default=0)
    looks = models.PositiveSmallIntegerField(default=0)
    #: Smaller goes first: a person waiting before a backlog.
    priority = models.PositiveSmallIntegerField(default=5)
    first_sent_at = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    #: What people call it, e.g. ``Bill 1043 · Hanson Concrete``, and its amount.
    label = models.CharField(max_length=300)
    amount = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    has_warning = models.BooleanField(default=False)
    run = TenantForeignKey(SyncRun, null=True, related_name="entries")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "connection", "source_kind", "source_id", "role", "revision", "operation", "round"],
                name="entry_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "connection", "source_kind", "source_id", "role"],
                condition=models.Q(state__in=["held", "ready"], first_sent_at=None),
                name="entry_unsent_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]), name="entry_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["connection", "priority", "due_at", "id"],
                condition=models.Q(state__in=sorted(TIMED)),
                name="entry_due",
            ),
            models.Index(fields=["tenant", "state", "-id"], name="entry_by_state"),
            models.Index(fields=["tenant", "source_kind", "source_id"], name="entry_by_source"),
            models.Index(fields=["tenant", "run"], name="entry_by_run"),
        ]

    def __str__(self) -> str:
        return self.label


class Chore(TenantModel):
    """Something to read from one company's books, and when."""

    connection = TenantForeignKey(Connection, related_name="chores")
    kind = models.CharField(max_length=20, choices=_choices(ChoreKind))
    #: The run that asked for it; null when the clock does.
    run = TenantForeignKey(SyncRun, null=True, related_name="chores")
    #: Unclaimed: when to do it. Claimed: when the lease ends.
    due_at = models.DateTimeField()
    claimed_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "connection", "kind"], condition=models.Q(run=None), name="chore_by_the_clock_once"
            ),
            models.UniqueConstraint(fields=["tenant", "connection", "run"], name="chore_of_run_once"),
        ]
        indexes = [models.Index(fields=["connection", "due_at"], name="chore_due")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.connection_id}"


class EntryNeed(TenantModel):
    """``entry`` may not be sent before ``needs`` is confirmed."""

    entry = TenantForeignKey(OutboxEntry, related_name="needs")
    needs = TenantForeignKey(OutboxEntry, related_name="needed_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "entry", "needs"], name="entry_need_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} needs {self.needs_id}"


class EntryPayload(TenantModel):
    """The exact bytes of one generation: frozen before they are sent, sent as frozen."""

    entry = TenantForeignKey(OutboxEntry, related_name="payloads")
    generation = models.PositiveSmallIntegerField()
    body = models.BinaryField()
    endpoint = models.CharField(max_length=40, blank=True)
    number = models.CharField(max_length=100, blank=True)
    total = models.DecimalField(max_digits=15, decimal_places=2, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "entry", "generation"], name="payload_once")]

    def __str__(self) -> str:
        return f"{self.entry_id}.{self.generation}"


class ReadyConnection(models.Model):
    """Connections that have work and when; all the dispatcher may see of a tenant."""

    connection = models.OneToOneField(
        Connection, on_delete=models.PROTECT, primary_key=True, related_name="+", db_constraint=False
    )
    tenant = models.ForeignKey("tenants.Tenant", on_delete=models.PROTECT, related_name="+", db_index=False)
    #: Null when nothing is waiting.
    due_at = models.DateTimeField(null=True)
    #: Nothing is sent before: the provider asked for a pause, or the permits of the moment are spent.
    not_before = models.DateTimeField(db_default=RivetNow())
    last_turn_at = models.DateTimeField(db_default=RivetNow())

    objects: TenantManager["ReadyConnection"] = TenantManager()

    class Meta:
        indexes = [models.Index(fields=["last_turn_at"], condition=models.Q(due_at__isnull=False), name="ready_turns")]

    def __str__(self) -> str:
        return str(self.connection_id)


class Permit(models.Model):
    """Where one rate limit of one connection stands: the theoretical arrival time of GCRA."""

    tenant = models.ForeignKey("tenants.Tenant", on_delete=models.PROTECT, related_name="+", db_index=False)
    connection = TenantForeignKey(Connection, related_name="+")
    name = models.CharField(max_length=40)
    arrival_at = models.DateTimeField()

    objects: TenantManager["Permit"] = TenantManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "connection", "name"], name="permit_once")]

    def __str__(self) -> str:
        return f"{self.connection_id} {self.name}"


class Call(EventModel):
    """One wire request, written before the socket opens."""

    connection_id = models.BigIntegerField()
    key = models.CharField(max_length=128)
    method = models.CharField(max_length=6)
    path = models.CharField(max_length=300)
    #: Headers, refs and roles as ``WireCall`` has them.
    wire = models.JSONField()
    documents = models.PositiveSmallIntegerField()
    connect_seconds = models.FloatField()
    read_seconds = models.FloatField()
    finished_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    trace_id = models.CharField(max_length=100, blank=True)
    #: What went wrong with the whole call, empty when it was answered.
    trouble = models.CharField(max_length=500, blank=True)

    class Meta:
        # The key begins with the moment, and attempts know the number alone.
        indexes = [models.Index(fields=["tenant", "id"], name="call_by_number")]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class CallBody(EventModel):
    """The bytes of a call, apart from it because they are large and leave first."""

    call_id = models.BigIntegerField()
    request = models.BinaryField()
    answer = models.BinaryField(null=True)

    class Meta:
        indexes = [models.Index(fields=["tenant", "call_id"], name="body_of_call")]

    def __str__(self) -> str:
        return str(self.call_id)


class Attempt(EventModel):
    """One entry in one call."""

    entry_id = models.BigIntegerField()
    call_id = models.BigIntegerField()
    ref = models.CharField(max_length=10)
    generation = models.PositiveSmallIntegerField()
    fence = models.PositiveIntegerField()
    #: The outcome's word, empty while under way.
    outcome = models.CharField(max_length=20, blank=True)
    code = models.CharField(max_length=10, blank=True)
    #: What the code's sentence names.
    facts = models.JSONField(default=dict)
    detail = models.TextField(blank=True)
    external_id = models.CharField(max_length=80, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "entry_id", "-id"], name="attempts_of_entry"),
            models.Index(fields=["tenant", "call_id"], name="attempts_of_call"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.outcome}"


class LogLine(EventModel):
    """One line of the sync log. Append only."""

    connection_id = models.BigIntegerField(null=True)
    direction = models.CharField(max_length=4, choices=_choices(Direction))
    severity = models.CharField(max_length=10, choices=_choices(Severity))
    #: ``bill``, ``invoice``, ``account list`` …, and what people call the one record.
    entity = models.CharField(max_length=40)
    label = models.CharField(max_length=300, blank=True)
    #: One word of ``Shown`` or of the pull: what the line reports.
    status = models.CharField(max_length=20)
    code = models.CharField(max_length=10, blank=True)
    detail = models.TextField(blank=True)
    entry_id = models.BigIntegerField(null=True)
    attempt_id = models.BigIntegerField(null=True)
    run_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=254, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-created_at", "-id"], name="log_newest"),
            models.Index(
                fields=["tenant", "-created_at", "-id"],
                condition=models.Q(severity__in=["warning", "error"]),
                name="log_troubled",
            ),
            models.Index(fields=["tenant", "entry_id", "-id"], name="log_of_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.severity} {self.label}"


class SyncIssue(TenantModel):
    """Something a person should know or mend, in catalogue words; open until ``resolved_at``."""

    connection = TenantForeignKey(Connection, null=True, related_name="issues")
    #: Null when the connection itself is the subject.
    entry = TenantForeignKey(OutboxEntry, null=True, related_name="issues")
    code = models.CharField(max_length=10)
    #: Equal causes share it: one fix, then retry the group.
    cause_key = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    their_words = models.TextField(blank=True)
    severity = models.CharField(max_length=10, choices=_choices(Severity), default=Severity.ERROR)
    resolved_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=30, blank=True)
    resolved_by = models.ForeignKey("tenants.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "entry"],
                condition=models.Q(resolved_at=None, severity="error"),
                name="issue_open_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["tenant", "severity", "cause_key"], condition=models.Q(resolved_at=None), name="issue_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.cause_key}"
