"""Nouns of the address bar."""

from typing import ClassVar

from rivet.ledger.models import Customer, Vendor
from rivet.ledger.models.imports import ImportKind
from rivet.ledger.snapshots import SourceKind


class DocumentKind:
    """``bills`` or ``invoices``."""

    regex = "bills|invoices"
    _kinds: ClassVar[dict[str, SourceKind]] = {"bills": SourceKind.BILL, "invoices": SourceKind.INVOICE}

    def to_python(self, value: str) -> SourceKind:
        return self._kinds[value]

    def to_url(self, value: SourceKind | str) -> str:
        return f"{SourceKind(value).value}s"


class PartyKind:
    """``customers`` or ``vendors``."""

    regex = "customers|vendors"
    _models: ClassVar[dict[str, type[Customer] | type[Vendor]]] = {"customers": Customer, "vendors": Vendor}

    def to_python(self, value: str) -> type[Customer] | type[Vendor]:
        return self._models[value]

    def to_url(self, value: type[Customer] | type[Vendor] | str) -> str:
        return value if isinstance(value, str) else f"{value.__name__.lower()}s"


class ImportKindWord:
    """One of the files Rivet can read."""

    regex = "|".join(kind.value for kind in ImportKind)

    def to_python(self, value: str) -> ImportKind:
        return ImportKind(value)

    def to_url(self, value: ImportKind | str) -> str:
        return ImportKind(value).value
