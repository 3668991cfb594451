"""Help: how Rivet works, and every exception it can show, in its own words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sync.catalogue import exhibits
from sync.states import LOOKS

#: The catalogue's families, by the first part of the code, in the order a newcomer meets them.
FAMILIES = {
    "CON": "Connection",
    "MAP": "Mapping",
    "REF": "Records they do not have",
    "VAL": "Values they refuse",
    "DUP": "Duplicates",
    "PER": "Closed periods",
    "TAX": "Tax",
    "RET": "Retainage",
    "CNF": "Changed on both sides",
    "STA": "State of the record",
    "LIM": "Limits",
    "UNC": "Unknown outcomes",
    "DOC": "Files",
    "SYS": "Rivet itself",
}
WHO = {
    "me": "the bookkeeper",
    "owner": "an owner or manager",
    "accountant": "the accountant",
    "rivet": "Rivet's support",
    "nobody": "nobody; it heals by itself",
}


def help_page(request: HttpRequest) -> HttpResponse:
    families = {
        title: [kind for code, kind in exhibits().items() if code.startswith(family)]
        for family, title in FAMILIES.items()
    }
    context = {
        "families": {title: kinds for title, kinds in families.items() if kinds},
        "looks": list(LOOKS.values()),
        "who": WHO,
    }
    return render(request, "help/index.html", context)
