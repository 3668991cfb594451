"""Joining a firm by an invitation's link: with a new account, or with the one somebody has."""

from typing import Any

from django import forms
from django.contrib.auth import login, password_validation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from rivet.pages import addresses
from rivet.pages.sign_up import BACKEND
from rivet.tenants import people
from rivet.tenants.context import serving
from rivet.tenants.models import Invitation, User
from rivet.tenants.people import PeopleError


class NewPersonForm(forms.Form):
    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label="Password",
        strip=False,
        help_text="At least 12 characters; a few words you can remember are best.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        password_validation.validate_password(password, User(email=self.email))
        return password


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@never_cache
def join(request: HttpRequest, token: str) -> HttpResponse:
    try:
        ticket = people.read_token(token)
        with serving(ticket.tenant_id):
            return _answer(request, people.open_invitation(ticket))
    except PeopleError as refused:
        return render(request, "invitations/closed.html", {"reason": str(refused)}, status=410)


def _answer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    person = User.objects.filter(email=invitation.email).first()
    if person is None and not request.user.is_authenticated:
        return _new_person(request, invitation)
    is_theirs = person is not None and request.user.pk == person.pk
    if person is not None and is_theirs and request.method == "POST":
        people.accept(invitation=invitation, user=person)
        return redirect("exceptions:list", tenant=invitation.tenant.slug)
    context = {"invitation": invitation, "is_theirs": is_theirs}
    return render(request, "invitations/existing.html", context)


def _new_person(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """The link came by mail, so whoever holds it reads that address."""
    form = NewPersonForm(request.POST or None, email=invitation.email)
    if request.method == "POST" and form.is_valid():
        person = User.objects.create_user(
            invitation.email, form.cleaned_data["password"], name=form.cleaned_data["name"]
        )
        addresses.proven(person)
        people.accept(invitation=invitation, user=person)
        login(request, person, backend=BACKEND)
        return redirect("exceptions:list", tenant=invitation.tenant.slug)
    context = {"invitation": invitation, "form": form}
    return render(request, "invitations/new_person.html", context, status=422 if form.errors else 200)
