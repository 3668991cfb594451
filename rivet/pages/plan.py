"""Settings, Plan: what each plan allows, and changing it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from integrations.connections.facts import note
from integrations.connections.models import Connection, FactKind
from rivet.pages.connections.engine import wake
from rivet.tenants import audit
from rivet.tenants.access import TenantRequest, tenant_page
from rivet.tenants.plans import TERMS, Plan
from rivet.tenants.roles import Ability


@require_GET
@tenant_page()
def plans(request: TenantRequest) -> HttpResponse:
    context = {"terms": list(TERMS.items()), "may_change": request.may(Ability.CHANGE_PLAN)}
    return render(request, "plan/choose.html", context)


@require_POST
@tenant_page(Ability.CHANGE_PLAN)
def change(request: TenantRequest) -> HttpResponse:
    tenant, chosen = request.tenant, request.POST.get("plan", "")
    if chosen not in set(Plan):
        messages.error(request, "Choose one of the plans.")
    elif chosen != tenant.plan:
        before, tenant.plan = tenant.plan, chosen
        tenant.save(update_fields=["plan"])
        for books in Connection.objects.all():
            note(books, FactKind.PLAN_CHANGED)
            wake(books)
        audit.record(
            actor=request.user,
            act="plan.changed",
            subject_kind="tenant",
            subject_id=tenant.public_id,
            subject_label=tenant.name,
            before={"plan": before},
            after={"plan": chosen},
        )
        messages.success(request, f"{tenant.name} is on {TERMS[Plan(chosen)].label} now.")
    return redirect("plan", tenant=tenant.slug)
