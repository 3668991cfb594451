"""Choosing the account for a role: checked against the mirror, recorded, and told to what waits for it."""

from integrations import registry
from integrations.connections.facts import note
from integrations.connections.models import Connection, FactKind
from integrations.mappings.models import AccountMapping, MirrorRecord
from integrations.mappings.suggest import Confidence, suggestions
from integrations.ports import AccountUse, ListKind, MappingRole
from rivet.tenants import audit
from rivet.tenants.models import User


class MappingError(Exception):
    """Why an account cannot serve a role, as a sentence; ``code`` is a catalogue code."""

    def __init__(self, sentence: str, *, code: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


def save(*, connection: Connection, role: MappingRole, external_id: str, actor: User) -> AccountMapping:
    """Map a role to one of their accounts, in the caller's transaction. Raises MappingError.

    Another account makes another row: an item that is on its way for the old one must not land on the new one.
    """
    account = _fit_account(connection, role, external_id)
    before: AccountMapping | None = (
        AccountMapping.objects.select_for_update().filter(connection=connection, role=role).first()
    )
    if before is not None and before.external_id == external_id:
        return _with_item(before, connection)
    if before is not None:
        before.delete()
    made: AccountMapping = AccountMapping.objects.create(
        tenant_id=connection.tenant_id, connection=connection, role=role, external_id=external_id, chosen_by=actor
    )
    note(connection, FactKind.MAPPING_SAVED, subject=role)
    audit.record(
        actor=actor,
        act="mapping.saved",
        subject_kind="connection",
        subject_id=connection.public_id,
        subject_label=f"{connection.company_name}: {registry.roles(connection.provider)[role].label}",
        before={"account": before.external_id} if before else {},
        after={"account": external_id, "name": account.name},
    )
    return _with_item(made, connection)


def save_confident(*, connection: Connection, actor: User) -> list[AccountMapping]:
    """Accept every suggestion nobody would doubt, for roles that have no account yet."""
    taken = set(AccountMapping.objects.filter(connection=connection).values_list("role", flat=True))
    return [
        save(connection=connection, role=role, external_id=suggestion.external_id, actor=actor)
        for role, suggestion in suggestions(connection).items()
        if role not in taken and suggestion.confidence is Confidence.HIGH
    ]


def wants_item(connection: Connection, mapping: AccountMapping) -> bool:
    """Whether invoices cannot reach the account until an item for it stands in the books."""
    return needs_item(connection, MappingRole(mapping.role)) and not mapping.item_id


def without_item(connection: Connection) -> list[AccountMapping]:
    """The mapped roles whose item is missing, after one that has appeared was taken; in the caller's transaction.

    An account that is inactive takes no item: it has to be chosen anew.
    """
    active = MirrorRecord.objects.filter(connection=connection, kind=ListKind.ACCOUNT, is_active=True)
    mapped = AccountMapping.objects.select_for_update().filter(
        connection=connection, external_id__in=active.values("external_id")
    )
    return [each for each in mapped.order_by("role") if wants_item(connection, _with_item(each, connection))]


def anew(mapping: AccountMapping) -> AccountMapping:
    """The same choice as another row, in the caller's transaction: what was made for the old one was made for good."""
    mapping.delete()
    made: AccountMapping = AccountMapping.objects.create(
        tenant_id=mapping.tenant_id,
        connection_id=mapping.connection_id,
        role=mapping.role,
        external_id=mapping.external_id,
        chosen_by_id=mapping.chosen_by_id,
    )
    return made


def needs_item(connection: Connection, role: MappingRole) -> bool:
    """Whether the provider reaches accounts of this role through an item."""
    return registry.LISTINGS[connection.provider].needs_items and registry.roles(connection.provider)[role].is_sold


def find_item(connection: Connection, account_id: str) -> str:
    """Their oldest active Service item that posts to the account; empty when there is none."""
    items = MirrorRecord.objects.filter(
        connection=connection, kind=ListKind.ITEM, is_active=True, detail=account_id, their_type__in=["", "Service"]
    )
    ids = [str(external_id) for external_id in items.values_list("external_id", flat=True)]
    return min(ids, key=lambda each: (len(each), each), default="")


def _with_item(mapping: AccountMapping, connection: Connection) -> AccountMapping:
    """Give the mapping the item it needs, if the books have one. A known item stays while it is not gone."""
    if not needs_item(connection, MappingRole(mapping.role)) or item_stands(connection, mapping):
        return mapping
    before, mapping.item_id = mapping.item_id, find_item(connection, mapping.external_id)
    mapping.save(update_fields=["item_id"])
    if mapping.item_id and mapping.item_id != before:
        note(connection, FactKind.MAPPING_SAVED, subject=mapping.role)
    return mapping


def item_stands(connection: Connection, mapping: AccountMapping) -> bool:
    """An item made a moment ago is not in the mirror yet and counts; one seen gone, or posting elsewhere, does not."""
    if not mapping.item_id:
        return False
    seen = MirrorRecord.objects.filter(connection=connection, kind=ListKind.ITEM, external_id=mapping.item_id)
    return not seen.exclude(is_active=True, detail=mapping.external_id).exists()


def _fit_account(connection: Connection, role: MappingRole, external_id: str) -> MirrorRecord:
    terms = registry.roles(connection.provider)[role]
    account: MirrorRecord | None = MirrorRecord.objects.filter(
        connection=connection, kind=ListKind.ACCOUNT, external_id=external_id
    ).first()
    if account is None:
        raise MappingError(
            f"That account is not among the accounts of {connection.company_name}. Refresh the lists and choose again.",
            code="MAP-01",
        )
    if not account.is_active:
        raise MappingError(
            f"{account.name} is inactive in {connection.provider_name}. "
            "Make it active there and refresh the lists, or choose another account.",
            code="MAP-02",
        )
    if account.use == AccountUse.SYSTEM:
        raise MappingError(
            f"{connection.provider_name} keeps {account.name} for itself and lets nobody post to it. "
            f"Choose {terms.kind} of your own.",
            code="MAP-02",
        )
    if account.use not in terms.uses:
        raise MappingError(f"{account.name} cannot serve as {terms.name}: it must be {terms.kind}.", code="MAP-02")
    return account
