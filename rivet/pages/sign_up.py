"""Opening an account: a person, their firm and their place in it, in one transaction."""

from typing import Any
from zoneinfo import available_timezones

from allauth.core import ratelimit
from django import forms
from django.contrib.auth import login, password_validation
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from rivet.pages import addresses, errors
from rivet.tenants import audit
from rivet.tenants.context import serving
from rivet.tenants.models import Membership, Tenant, User
from rivet.tenants.roles import Role

BACKEND = "rivet.tenants.authentication.EmailBackend"
_TIME_ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
_SLUG_TRIES = 5


class SignUpForm(forms.Form):
    firm = forms.CharField(label="Firm", max_length=120, help_text="As it stands on your invoices.")
    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        help_text="At least 12 characters; a few words you can remember are best.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    time_zone = forms.ChoiceField(
        label="Time zone", choices=[(zone, zone.replace("_", " ")) for zone in _TIME_ZONES], initial="America/New_York"
    )

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        if User.objects.filter(email=email).exists():
            raise ValidationError("Somebody already signs in with this address. Sign in instead, or use another one.")
        return email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "password" in data:
            person = User(email=data.get("email", ""), name=data.get("name", ""))
            try:
                password_validation.validate_password(data["password"], person)
            except ValidationError as refused:
                self.add_error("password", refused)
        return data


@sensitive_post_parameters("password")
@never_cache
def sign_up(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("home")
    if not ratelimit.consume(request, action="signup"):
        return errors.too_many(request)
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = User.objects.create_user(
            form.cleaned_data["email"], form.cleaned_data["password"], name=form.cleaned_data["name"]
        )
        tenant = open_firm(owner=user, name=form.cleaned_data["firm"], time_zone=form.cleaned_data["time_zone"])
        addresses.ask_to_confirm(request, user)
        login(request, user, backend=BACKEND)
        return redirect("exceptions:list", tenant=tenant.slug)
    return render(request, "signup/form.html", {"form": form}, status=422 if form.errors else 200)


def open_firm(*, owner: User, name: str, time_zone: str) -> Tenant:
    """A firm with its owner, in the open transaction. Its number is drawn first: the database wants to be told
    whose rows are coming before it takes any."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('tenants_tenant', 'id'))")
        (tenant_id,) = cursor.fetchone()
    with serving(tenant_id):
        tenant = _with_free_slug(Tenant(pk=tenant_id, name=name.strip(), time_zone=time_zone))
        Membership.objects.create(tenant=tenant, user=owner, role=Role.OWNER)
        audit.record(
            actor=owner,
            act="firm.opened",
            subject_kind="tenant",
            subject_id=tenant.public_id,
            subject_label=tenant.name,
            after={"slug": tenant.slug, "plan": tenant.plan},
        )
    return tenant


def _with_free_slug(tenant: Tenant) -> Tenant:
    """Other firms' slugs cannot be read, so the unique constraint is asked instead."""
    base = slugify(tenant.name)[:50] or "firm"
    tenant.slug = base
    for _ in range(_SLUG_TRIES):
        try:
            with transaction.atomic():
                tenant.save(force_insert=True)
                return tenant
        except IntegrityError:
            tenant.slug = f"{base}-{get_random_string(4, 'abcdefghjkmnpqrstuvwxyz23456789')}"
    raise RuntimeError(f"no free slug for {base} in {_SLUG_TRIES} tries")
