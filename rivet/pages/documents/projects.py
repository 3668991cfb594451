"""Projects."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from integrations.connections import routing
from integrations.connections.models import Connection
from rivet.ledger.models import Project
from rivet.ledger.parties import write_project
from rivet.ledger.queries.parties import find_project, list_projects
from rivet.pages.documents.answers import attempt, or_404, page_number, search_text, show_form, to
from rivet.pages.documents.forms.parties import ProjectForm
from rivet.tenants import audit
from rivet.tenants.access import TenantRequest, tenant_page
from rivet.tenants.roles import Ability


@tenant_page()
@require_GET
def project_list(request: TenantRequest) -> HttpResponse:
    text = search_text(request)
    context = {
        "page": list_projects(text=text, page=page_number(request)),
        "text": text,
        "may_keep_books": request.may(Ability.KEEP_BOOKS),
    }
    return render(request, "projects/list.html", context)


@tenant_page(Ability.KEEP_BOOKS)
@require_http_methods(["GET", "POST"])
def new(request: TenantRequest) -> HttpResponse:
    form = ProjectForm(request.POST or None)
    return _edit(request, Project(tenant=request.tenant), form, is_new=True)


@tenant_page(Ability.KEEP_BOOKS)
@require_http_methods(["GET", "POST"])
def edit(request: TenantRequest, public_id: UUID) -> HttpResponse:
    project = or_404(find_project(public_id))
    shown = ProjectForm.showing(project)
    form = ProjectForm(request.POST, initial=shown.initial) if request.method == "POST" else shown
    return _edit(request, project, form, is_new=False)


def _edit(request: TenantRequest, project: Project, form: ProjectForm, *, is_new: bool) -> HttpResponse:
    if form.is_bound and form.is_valid():
        saved = attempt(lambda: _save(request, form, project), form=form)
        if saved:
            messages.success(request, f"{saved} is saved.")
            return to(request, "documents:projects")
    context = {"form": form, "project": project, "is_new": is_new}
    return show_form(request, "projects/form.html", context, refused=form.is_bound)


def _assign(request: TenantRequest, project: Project, books: Connection | None) -> None:
    before = routing.own_of(project.pk)
    if books == before:
        return
    routing.assign(project_id=project.pk, connection=books)
    audit.record(
        actor=request.user,
        act="project.books_chosen",
        subject_kind="project",
        subject_id=project.public_id,
        subject_label=str(project),
        before={"books": str(before or "the default")},
        after={"books": str(books or "the default")},
    )


def _save(request: TenantRequest, form: ProjectForm, project: Project) -> Project:
    write_project(form.onto(project), actor=request.user)
    if "books" in form.fields:
        _assign(request, project, form.cleaned_data["books"])
    return project
