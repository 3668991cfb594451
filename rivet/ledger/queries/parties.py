"""Customers, vendors and projects as lists and choices."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from rivet.ledger.models import Customer, Project, Vendor
from rivet.ledger.models.projects import ProjectStatus
from rivet.ledger.queries.pages import Page, page_of

PartyModel = type[Customer] | type[Vendor]


def list_parties(model: PartyModel, *, text: str, archived: bool, page: int) -> Page[Any]:
    rows: QuerySet[Any] = model.objects.filter(archived_at__isnull=not archived)
    if text:
        rows = rows.filter(name__icontains=text)
    return page_of(rows.order_by("name", "id"), page)


def list_projects(*, text: str, page: int) -> Page[Project]:
    rows = Project.objects.select_related("customer")
    if text:
        rows = rows.filter(name__icontains=text) | rows.filter(number__icontains=text)
    return page_of(rows.order_by("-id"), page)


def live(model: PartyModel) -> "QuerySet[Any]":
    """What a form offers."""
    return model.objects.filter(archived_at=None).order_by("name")


def open_projects() -> "QuerySet[Project]":
    rows: QuerySet[Project] = Project.objects.exclude(status=ProjectStatus.CLOSED)
    return rows.select_related("customer").order_by("number")


def find_party(model: PartyModel, public_id: UUID) -> Customer | Vendor | None:
    found: Customer | Vendor | None = model.objects.filter(public_id=public_id).first()
    return found


def find_project(public_id: UUID) -> Project | None:
    found: Project | None = Project.objects.select_related("customer").filter(public_id=public_id).first()
    return found
