"""Away to a provider's consent page and back. These views talk to the provider, so no transaction is open."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from integrations import registry
from integrations.connections import connect
from integrations.connections.connect import Choice, ConnectRefusedError
from integrations.connections.models import Connection
from integrations.ports import ProviderError
from rivet.pages.connections.engine import wake
from rivet.pages.connections.forms import CompanyForm
from rivet.pages.connections.queries import connection_or_404
from rivet.tenants.access import TenantRequest, tenant_page
from rivet.tenants.context import tenant_transaction
from rivet.tenants.middleware import outside_transaction
from rivet.tenants.models import Tenant
from rivet.tenants.roles import Ability
from sync import pulls


@require_POST
@tenant_page(Ability.CONNECT, calls_provider=True)
def begin(request: TenantRequest, provider: str) -> HttpResponse:
    """Connect QuickBooks, Connect Xero."""
    if provider not in registry.LISTINGS:
        raise Http404
    return _depart(request, provider)


@require_POST
@tenant_page(Ability.CONNECT, calls_provider=True)
def again(request: TenantRequest, connection: UUID) -> HttpResponse:
    """Reconnect: the same way, and back to the same company."""
    with tenant_transaction(request.tenant.pk):
        books = connection_or_404(connection)
    return _depart(request, books.provider, reconnect=books)


@require_http_methods(["GET", "POST"])
@tenant_page(Ability.CONNECT, calls_provider=True)
def choose(request: TenantRequest, reference: UUID) -> HttpResponse:
    """Which of the companies that a consent opened."""
    picked = connect.choice(request.session, tenant=request.tenant, reference=str(reference))
    if picked is None:
        raise Http404
    form = CompanyForm(picked.companies, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = connect.choose(
                session=request.session,
                tenant=request.tenant,
                user=request.user,
                picked=picked,
                external_id=form.cleaned_data["company"],
            )
        except ConnectRefusedError as refused:
            form.add_error("company", refused.sentence)
        else:
            return _welcome(request, made)
    status = 422 if form.is_bound else 200
    page = {"form": form, "listing": registry.LISTINGS[picked.provider]}
    return render(request, "connections/choose.html", page, status=status)


@require_GET
@never_cache
@outside_transaction
def callback(request: HttpRequest, provider: str) -> HttpResponseBase:
    """Where the consent page sends the browser. Whose consent it is, the session knows."""
    if provider not in registry.LISTINGS:
        raise Http404
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    pending = connect.whose(request.session, provider=provider, state=request.GET.get("state", ""))
    if pending is None:
        return render(request, "connections/lost_way.html", {"listing": registry.LISTINGS[provider]}, status=400)
    return _arrive(request, pending.tenant_slug)


@tenant_page(Ability.CONNECT, calls_provider=True)
def _arrive(request: TenantRequest) -> HttpResponse:
    match = request.resolver_match
    provider = str(match.kwargs["provider"]) if match else ""
    try:
        outcome = connect.finish(
            session=request.session,
            tenant=request.tenant,
            user=request.user,
            state=request.GET["state"],
            params=request.GET.dict(),
            redirect_uri=_redirect_uri(provider),
        )
    except ConnectRefusedError as refused:
        messages.error(request, refused.sentence)
        return _to_list(request.tenant)
    except ProviderError:
        messages.error(request, _silent(provider))
        return _to_list(request.tenant)
    if isinstance(outcome, Choice):
        return redirect("connections:choose", tenant=request.tenant.slug, reference=outcome.reference)
    return _welcome(request, outcome)


def _depart(request: TenantRequest, provider: str, reconnect: Connection | None = None) -> HttpResponse:
    if _is_elsewhere(request):
        # The providers know one address of ours and refuse IP addresses, and the session must be there on return.
        query = urlencode({"connect": str(reconnect.public_id) if reconnect else provider})
        return HttpResponseRedirect(f"{settings.RIVET_BASE_URL}{_list_path(request.tenant)}?{query}")
    try:
        url = connect.begin(
            session=request.session,
            tenant=request.tenant,
            user=request.user,
            provider=provider,
            redirect_uri=_redirect_uri(provider),
            reconnect=reconnect,
        )
    except ConnectRefusedError as refused:
        messages.error(request, refused.sentence)
        return _to_list(request.tenant)
    except ProviderError:
        messages.error(request, _silent(provider))
        return _to_list(request.tenant)
    return HttpResponseRedirect(url)


def _welcome(request: TenantRequest, books: Connection) -> HttpResponse:
    """Read the company's lists at once, so that the mapping page has something to offer."""
    try:
        pulls.read_lists(books, actor_label=request.user.email)
    except ProviderError:
        messages.warning(
            request,
            f"{books.company_name} is connected, but {books.provider_name} did not hand over its lists yet. "
            "Press Refresh lists in a minute.",
        )
    else:
        with tenant_transaction(request.tenant.pk):
            books.refresh_from_db()
            wake(books)
        messages.success(request, f"{books.company_name} is connected. Nothing is posted before you map its accounts.")
    return redirect("connections:mapping", tenant=request.tenant.slug, connection=books.public_id)


def _is_elsewhere(request: HttpRequest) -> bool:
    return f"{request.scheme}://{request.get_host()}" != settings.RIVET_BASE_URL


def _redirect_uri(provider: str) -> str:
    return f"{settings.RIVET_BASE_URL}{reverse('oauth:callback', kwargs={'provider': provider})}"


def _silent(provider: str) -> str:
    return f"{registry.LISTINGS[provider].name} did not answer, so nothing was connected. Try again in a minute."


def _list_path(tenant: Tenant) -> str:
    return reverse("connections:list", kwargs={"tenant": tenant.slug})


def _to_list(tenant: Tenant) -> HttpResponse:
    return HttpResponseRedirect(_list_path(tenant))
