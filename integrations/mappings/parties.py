"""Customers and vendors of ours beside theirs: proposed by name and e-mail, linked by a person, never merged silently.

A party without a link is created in the books when its first document posts.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from integrations.connections.facts import note
from integrations.connections.models import Connection, FactKind
from integrations.mappings.choose import MappingError
from integrations.mappings.links import end_link, save_link
from integrations.mappings.models import Link, MirrorRecord
from integrations.ports import ListKind, Receipt, Role
from rivet.ledger.models import Customer, Vendor
from rivet.ledger.snapshots import SourceKind
from rivet.tenants import audit
from rivet.tenants.models import User

#: Words that firms write or leave out as they please.
_LEGAL_FORMS = frozenset(
    {
        "inc",
        "incorporated",
        "llc",
        "llp",
        "ltd",
        "limited",
        "co",
        "company",
        "corp",
        "corporation",
        "gmbh",
        "pty",
        "the",
    }
)
_WORD = re.compile(r"\w+")


class Match(StrEnum):
    LINKED = "linked"
    EXACT = "exact"
    LIKELY = "likely"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class PartyKind:
    source: SourceKind
    listed: ListKind
    role: Role
    model: type[Customer] | type[Vendor]


KINDS: Mapping[SourceKind, PartyKind] = {
    SourceKind.CUSTOMER: PartyKind(
        source=SourceKind.CUSTOMER, listed=ListKind.CUSTOMER, role=Role.CUSTOMER, model=Customer
    ),
    SourceKind.VENDOR: PartyKind(source=SourceKind.VENDOR, listed=ListKind.VENDOR, role=Role.VENDOR, model=Vendor),
}


@dataclass(frozen=True, kw_only=True)
class Theirs:
    """A customer or vendor of theirs as the linking page shows it."""

    external_id: str
    name: str
    email: str = ""
    is_active: bool = True


@dataclass(frozen=True, kw_only=True)
class Pairing:
    """One party of ours with the record of theirs it is, or may be. ``because`` names what matched."""

    party_id: int
    public_id: str
    name: str
    match: Match
    theirs: Theirs | None = None
    because: str = ""


def normalised(name: str) -> str:
    """What is left of a firm's name when case, punctuation, legal form and spaces are taken away."""
    words = [word for word in _WORD.findall(name.casefold()) if word not in _LEGAL_FORMS]
    return "".join(words)


def pairings(connection: Connection, kind: SourceKind) -> list[Pairing]:
    """Every party of ours that is not archived, by name, each beside theirs."""
    party_kind = KINDS[kind]
    records = {row.external_id: _theirs(row) for row in _mirror(connection, party_kind)}
    links: dict[int, str] = dict(_links(connection, party_kind).values_list("source_id", "external_id"))
    taken = set(links.values())
    free = _Index(each for each in records.values() if each.is_active and each.external_id not in taken)
    ours = party_kind.model.objects.filter(archived_at=None).order_by("name")
    return [_pair(party, links.get(party.pk), records, free) for party in ours]


def namesake(connection: Connection, kind: SourceKind, name: str) -> Theirs | None:
    """The active record of theirs with this very name, if nothing of ours stands for it yet."""
    party_kind = KINDS[kind]
    free = _mirror(connection, party_kind).exclude(external_id__in=_links(connection, party_kind).values("external_id"))
    row = free.filter(is_active=True, name__iexact=" ".join(name.split())).first()
    return _theirs(row) if row else None


def link(*, connection: Connection, kind: SourceKind, party_id: int, external_id: str, actor: User) -> None:
    """Say that a party of ours is a record of theirs, in the caller's transaction. Raises MappingError."""
    party_kind = KINDS[kind]
    party = party_kind.model.objects.get(pk=party_id)
    theirs = _mirror(connection, party_kind).filter(external_id=external_id).first()
    if theirs is None or not theirs.is_active:
        raise MappingError(
            f"That {kind} is not active in {connection.provider_name}. Refresh the lists and choose again.",
            code="REF-01",
        )
    other = _links(connection, party_kind).filter(external_id=external_id).exclude(source_id=party_id).first()
    if other is not None:
        holder = party_kind.model.objects.get(pk=other.source_id)
        raise MappingError(
            f"{theirs.name} is linked to {holder.name} already. Unlink that first, or choose another {kind}.",
            code="MAP-05",
        )
    receipt = Receipt(external_id=external_id, version=theirs.version, number=theirs.name[:100])
    save_link(connection.pk, kind, party_id, party_kind.role, receipt=receipt)
    note(connection, FactKind.PARTY_LINKED, subject=f"{kind}:{party_id}")
    _record(actor, "party.linked", party, after={"theirs": theirs.name, "external_id": external_id})


def link_exact(*, connection: Connection, kind: SourceKind, actor: User) -> int:
    """Link every party whose name is the same on both sides; returns how many."""
    found = {
        pairing.party_id: pairing.theirs.external_id
        for pairing in pairings(connection, kind)
        if pairing.match is Match.EXACT and pairing.theirs is not None
    }
    for party_id, external_id in found.items():
        link(connection=connection, kind=kind, party_id=party_id, external_id=external_id, actor=actor)
    return len(found)


def unlink(*, connection: Connection, kind: SourceKind, party_id: int, actor: User) -> None:
    """Take a link back, in the caller's transaction; what was posted stays where it is."""
    party_kind = KINDS[kind]
    party = party_kind.model.objects.get(pk=party_id)
    if end_link(connection.pk, kind, party_id, party_kind.role):
        _record(actor, "party.unlinked", party)


class _Index:
    """Their records that nobody holds, to be found by name, by normalised name and by e-mail."""

    def __init__(self, records: Iterable[Theirs]) -> None:
        self.by_name: dict[str, list[Theirs]] = defaultdict(list)
        self.by_core: dict[str, list[Theirs]] = defaultdict(list)
        self.by_email: dict[str, list[Theirs]] = defaultdict(list)
        for record in records:
            self.by_name[_same(record.name)].append(record)
            self.by_core[normalised(record.name)].append(record)
            if record.email:
                self.by_email[record.email.casefold()].append(record)

    def match(self, name: str, email: str) -> tuple[Match, Theirs | None, str]:
        """The one record it is, or may be; two that fit equally well are no match at all."""
        tries = (
            (Match.EXACT, self.by_name.get(_same(name)), "same name"),
            (Match.LIKELY, self.by_core.get(normalised(name)), "name without legal form and punctuation"),
            (Match.LIKELY, self.by_email.get(email.casefold()) if email else None, "same e-mail address"),
        )
        for match, found, because in tries:
            if found and len(found) == 1:
                return match, found[0], because
        return Match.NONE, None, ""


def _same(name: str) -> str:
    return " ".join(name.casefold().split())


def _pair(party: Customer | Vendor, linked: str | None, records: Mapping[str, Theirs], free: _Index) -> Pairing:
    match, found, because = free.match(party.name, party.email)
    if linked is not None:
        # Created by a posting a moment ago, it is not in the mirror yet and carries our name.
        match, found, because = Match.LINKED, records.get(linked, Theirs(external_id=linked, name=party.name)), ""
    return Pairing(
        party_id=party.pk,
        public_id=str(party.public_id),
        name=party.name,
        match=match,
        theirs=found,
        because=because,
    )


def _mirror(connection: Connection, kind: PartyKind) -> Any:
    """Jobs and other children are left out: a document names the party itself."""
    return MirrorRecord.objects.filter(connection=connection, kind=kind.listed, parent_id="")


def _links(connection: Connection, kind: PartyKind) -> Any:
    return Link.objects.filter(connection=connection, source_kind=kind.source, role=kind.role, ended_at=None)


def _theirs(row: MirrorRecord) -> Theirs:
    return Theirs(external_id=row.external_id, name=row.name, email=row.detail, is_active=row.is_active)


def _record(actor: User, act: str, party: Customer | Vendor, *, after: Mapping[str, str] | None = None) -> None:
    audit.record(
        actor=actor,
        act=act,
        subject_kind=type(party).__name__.lower(),
        subject_id=party.public_id,
        subject_label=party.name,
        after=after,
    )
