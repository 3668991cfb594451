"""Customers, vendors and projects."""

from typing import Any

from django import forms

from integrations.connections import routing
from integrations.connections.models import Connection
from rivet.ledger.models import Customer, Project, Vendor
from rivet.ledger.models.projects import ProjectStatus
from rivet.ledger.queries.parties import live
from rivet.pages.documents.forms.fields import NamedForm, RowChoice, TextField

_PROJECT = ("number", "name", "status")
CONTACT = ("name", "email", "phone", "street", "city", "state", "postal_code", "country")


class PartyForm(NamedForm):
    name = TextField(label="Name", longest=200)
    email = forms.EmailField(label="E-mail", required=False, max_length=254)
    phone = TextField(label="Phone", longest=40, required=False)
    street = TextField(label="Street", longest=200, required=False)
    city = TextField(label="City", longest=100, required=False)
    state = TextField(label="State", longest=60, required=False)
    postal_code = TextField(label="Postal code", longest=20, required=False)
    country = TextField(label="Country", longest=60, required=False)

    @classmethod
    def showing(cls, party: Customer | Vendor) -> "PartyForm":
        return cls(initial={name: getattr(party, name) for name in CONTACT})

    def onto(self, party: Customer | Vendor) -> Customer | Vendor:
        """The party with what was entered, unsaved."""
        for name in CONTACT:
            setattr(party, name, self.cleaned_data[name])
        return party


class BooksChoice(RowChoice):
    """A connected company; two may bear one name, so the provider is named too."""

    def label_from_instance(self, obj: Connection) -> str:
        return f"{obj.company_name} in {obj.provider_name}"


class ProjectForm(NamedForm):
    number = TextField(label="Number", longest=40, help_text="How you name the job on paper, such as J-101.")
    name = TextField(label="Name", longest=200)
    customer = RowChoice(label="Customer", empty_label="Choose a customer")
    status = forms.ChoiceField(
        label="Status", choices=[(status.value, status.value.capitalize()) for status in ProjectStatus]
    )

    books = BooksChoice(
        label="Books",
        required=False,
        help_text="What is approved from now on posts there. What was posted or waits already stays where it is.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = live(Customer)  # type: ignore[attr-defined]  # a RowChoice
        choices = routing.choices()
        if len(choices) < 2 and not self.initial.get("books"):
            # With one company, or none, there is nothing to choose.
            del self.fields["books"]
            return
        self.fields["books"].queryset = choices  # type: ignore[attr-defined]  # a RowChoice
        self.fields["books"].empty_label = f"The default: {routing.default_name()}"  # type: ignore[attr-defined]  # same

    @classmethod
    def showing(cls, project: Project) -> "ProjectForm":
        initial = {name: getattr(project, name) for name in _PROJECT} | {"customer": project.customer.public_id}
        own = routing.own_of(project.pk)
        return cls(initial=initial | ({"books": own.public_id} if own else {}))

    def onto(self, project: Project) -> Project:
        for name in (*_PROJECT, "customer"):
            setattr(project, name, self.cleaned_data[name])
        return project
