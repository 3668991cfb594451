"""The one list of providers. Nothing else in Rivet asks which provider it talks to by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.conf import settings

from integrations.consent import Consenter
from integrations.mappings.roles import RoleTerms
from integrations.ports import MappingRole, Provider


@dataclass(frozen=True, kw_only=True)
class Listing:
    slug: str
    name: str
    #: What a company file is called there, in the middle of a sentence.
    company_word: str
    #: What the connecting person must be there.
    needed_role: str
    #: The setting that names the host root of its API.
    host_setting: str
    #: A revenue or retainage account is reached through an item that posts to it, never directly.
    needs_items: bool
    #: An access token is renewed when it has less than this left: longer than any one task holds it.
    refresh_margin_seconds: int
    #: What its tags are called.
    tag_word: str


LISTINGS: Mapping[str, Listing] = {
    "quickbooks": Listing(
        slug="quickbooks",
        name="QuickBooks",
        company_word="company",
        needed_role="an administrator of the QuickBooks company",
        host_setting="QUICKBOOKS_API_URL",
        needs_items=True,
        refresh_margin_seconds=600,
        tag_word="Classes",
    ),
    "xero": Listing(
        slug="xero",
        name="Xero",
        company_word="organisation",
        needed_role="a Standard user or Adviser in Xero",
        host_setting="XERO_API_URL",
        needs_items=False,
        refresh_margin_seconds=300,
        tag_word="Tracking categories",
    ),
}


def host(slug: str) -> str:
    """Host root of the API as the settings name it now."""
    return str(getattr(settings, LISTINGS[slug].host_setting))


@cache
def provider(slug: str) -> Provider:
    """The adapter for ``slug``. Loaded on first use: the SDKs cost half a second that web pages need not pay."""
    adapter = import_module(f"integrations.{LISTINGS[slug].slug}.adapter").ADAPTER
    assert adapter.slug == slug  # noqa: S101 - a wrong entry here would post to the wrong books
    made: Provider = adapter
    return made


@cache
def roles(slug: str) -> Mapping[MappingRole, RoleTerms]:
    """What an account may be mapped for there."""
    made: Mapping[MappingRole, RoleTerms] = import_module(f"integrations.{LISTINGS[slug].slug}.roles").ROLES
    return made


@cache
def consenter(slug: str) -> Consenter:
    """The OAuth half of the provider for ``slug``."""
    made: Consenter = import_module(f"integrations.{LISTINGS[slug].slug}.oauth").CONSENTER
    return made
