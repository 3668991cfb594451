from django import forms

from rivet.ledger.models.imports import ImportKind
from rivet.pages.documents.forms.fields import NamedForm


class UploadForm(NamedForm):
    kind = forms.ChoiceField(
        label="What the file lists", choices=[(kind.value, kind.value.capitalize()) for kind in ImportKind]
    )
    # The reader looks at size and content itself and says what is wrong with them.
    file = forms.FileField(
        label="File",
        allow_empty_file=True,
        help_text="CSV of at most 10 MB and 5,000 rows, with a first line that names the columns.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
    )
