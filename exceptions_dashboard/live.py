"""One address, two answers: the whole page, or the fragment a page asks for again while it is open."""

import hashlib
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from rivet.tenants.access import TenantRequest


def fingerprint(*parts: object) -> str:
    """Equal for equal content. Made from the rows, not from the HTML: tokens and nonces differ each time."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def answer(request: TenantRequest, template: str, context: dict[str, Any], *, partial: str, seen: str) -> HttpResponse:
    """The page, its fragment for htmx, or 204 when the page that asks shows all of this already."""
    is_fragment = bool(request.htmx) and not request.htmx.boosted
    if is_fragment and request.method == "GET" and request.GET.get("seen") == seen:
        response = HttpResponse(status=204)
    else:
        name = f"{template}#{partial}" if is_fragment else template
        response = render(request, name, {**context, "seen": seen, "is_fragment": is_fragment})
    patch_vary_headers(response, ["HX-Request"])
    return response
