"""Keeping customers, vendors and projects."""

from django.db import IntegrityError, transaction

from rivet import clock
from rivet.ledger.errors import LedgerError
from rivet.ledger.models import Customer, Project, Vendor
from rivet.tenants import audit
from rivet.tenants.models import User

_SHOWN = ("name", "email", "phone", "street", "city", "state", "postal_code", "country")


def write_party(party: Customer | Vendor, *, actor: User | None) -> None:
    """Save a new or changed customer or vendor. Raises LedgerError when the name is taken."""
    noun = noun_of(party)
    _save(
        party,
        LedgerError(f"There is already a {noun} “{party.name}”. Open that one, or choose another name.", field="name"),
    )
    _audit(party, act="saved", actor=actor)


def archive(party: Customer | Vendor, *, actor: User) -> None:
    """Take a party out of lists and choices; its documents stay."""
    party.archived_at = clock.now()
    party.save(update_fields=["archived_at"])
    _audit(party, act="archived", actor=actor)


def restore(party: Customer | Vendor, *, actor: User) -> None:
    """Bring an archived party back. Raises LedgerError when its name was given to another meanwhile."""
    party.archived_at = None
    _save(party, LedgerError(f"Another {noun_of(party)} is called “{party.name}” by now. Rename that one first."))
    _audit(party, act="restored", actor=actor)


def write_project(project: Project, *, actor: User | None) -> None:
    """Save a new or changed project. Raises LedgerError when the number is taken."""
    _save(
        project,
        LedgerError(
            f"There is already a project {project.number}. Open that one, or choose another number.", field="number"
        ),
    )
    audit.record(
        actor=actor,
        act="project.saved",
        subject_kind="project",
        subject_id=project.public_id,
        subject_label=str(project),
        after={"number": project.number, "name": project.name, "status": project.status},
    )


def noun_of(party: Customer | Vendor) -> str:
    return "customer" if isinstance(party, Customer) else "vendor"


def _save(row: Customer | Vendor | Project, taken: LedgerError) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "_once" not in str(error):
            raise
        raise taken from error


def _audit(party: Customer | Vendor, *, act: str, actor: User | None) -> None:
    noun = noun_of(party)
    audit.record(
        actor=actor,
        act=f"{noun}.{act}",
        subject_kind=noun,
        subject_id=party.public_id,
        subject_label=party.name,
        after={name: getattr(party, name) for name in _SHOWN},
    )
