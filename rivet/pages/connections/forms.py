"""Forms of the integration pages."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property

from integrations import registry
from integrations.connections.models import Connection
from integrations.consent import CompanyChoice
from integrations.mappings.models import AccountMapping, MirrorRecord
from integrations.mappings.suggest import Suggestion, suggestions
from integrations.ports import AccountUse, ListKind, MappingRole
from rivet.ledger.snapshots import PostingMode
from rivet.pages.connections.looks import CONFIDENCE

MODES = {
    PostingMode.NEGATIVE_LINE: "One invoice at gross with a negative retainage line (M1)",
    PostingMode.NET_PLUS_JOURNAL: "An invoice at net and a journal for the retainage (M2)",
}


class MappingForm(forms.Form):
    """One account for each role, offered from the accounts of theirs that may serve it."""

    def __init__(self, connection: Connection, data: QueryDict | None = None) -> None:
        self.connection = connection
        chosen = dict(AccountMapping.objects.filter(connection=connection).values_list("role", "external_id"))
        super().__init__(data, initial=chosen)
        for role in MappingRole:
            self.fields[role] = self._field(role, chosen.get(role, ""))

    @cached_property
    def suggested(self) -> dict[MappingRole, Suggestion]:
        return dict(suggestions(self.connection))

    @cached_property
    def _accounts(self) -> list[MirrorRecord]:
        rows = MirrorRecord.objects.filter(connection=self.connection, kind=ListKind.ACCOUNT)
        return list(rows.order_by("code", "name"))

    def _field(self, role: MappingRole, chosen: str) -> forms.ChoiceField:
        """A chosen account stays in the list whatever became of it, so that saving the rest does not lose it."""
        terms = registry.roles(self.connection.provider)[role]
        offered = [
            (account.external_id, _label(account))
            for account in self._accounts
            if account.external_id == chosen
            or (account.is_active and account.use and AccountUse(account.use) in terms.uses)
        ]
        return forms.ChoiceField(
            label=terms.label,
            choices=[("", "Choose an account"), *offered],
            required=False,
            help_text=terms.purpose,
            error_messages={"invalid_choice": f"Choose {terms.kind} from the list; refresh the lists if it is new."},
        )

    def rows(self) -> list[dict[str, Any]]:
        """Each role's field with its suggestion, for the page."""
        return [
            {"field": self[role], "suggestion": each, "look": CONFIDENCE[each.confidence] if each else None}
            for role in MappingRole
            for each in [self.suggested.get(role)]
        ]

    def changes(self) -> dict[MappingRole, str]:
        """What the person chose anew; roles left blank keep what they have."""
        return {
            role: self.cleaned_data[role]
            for role in MappingRole
            if self.cleaned_data[role] and self.cleaned_data[role] != self.initial.get(role)
        }


def _label(account: MirrorRecord) -> str:
    name = f"{account.code} {account.name}".strip()
    return name if account.is_active else f"{name} (inactive)"


class PreferencesForm(forms.Form):
    posting_mode = forms.ChoiceField(
        label="How retainage is posted",
        choices=[(mode.value, words) for mode, words in MODES.items()],
        widget=forms.RadioSelect,
        help_text="For contracts that do not say otherwise.",
    )
    is_default = forms.BooleanField(
        label="Use for projects without books of their own",
        required=False,
        help_text="One connection is the default; choosing another one moves it.",
    )
    is_paused = forms.BooleanField(
        label="Pause posting",
        required=False,
        help_text="Approved documents wait until you take the mark away. Nothing is lost.",
    )


class CompanyForm(forms.Form):
    def __init__(self, companies: tuple[CompanyChoice, ...], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["company"] = forms.ChoiceField(
            label="Which one should Rivet post to?",
            choices=[(each.external_id, each.name or each.external_id) for each in companies],
            widget=forms.RadioSelect,
            error_messages={"required": "Choose one of them.", "invalid_choice": "Choose one of them."},
        )
