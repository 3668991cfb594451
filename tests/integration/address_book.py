"""One working request for every address and method below a firm, and below ``/oauth/`` and ``/invitations/``.

``<thing>`` anywhere in a request stands for the id of that thing on the stage.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.urls import NoReverseMatch, reverse

_THING = re.compile(r"<(\w+)>")
#: Says which thing a name in a request stands for.
Naming = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class Ask:
    """``body`` is a form's fields, of a GET the query's. ``provider``: the owner's request reaches a real provider."""

    method: str
    name: str = ""
    args: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    provider: bool = False

    @property
    def things(self) -> list[str]:
        """What it names, each once."""
        words = [*self.args.values(), *self.body, *self.body.values()]
        return sorted({name for word in words for name in _THING.findall(word)})

    def path(self, slug: str, naming: Naming) -> str:
        args = {key: _filled(word, naming) for key, word in self.args.items()}
        try:
            return reverse(self.name, kwargs={"tenant": slug, **args})
        except NoReverseMatch:
            return reverse(self.name, kwargs=args)

    def fields(self, naming: Naming) -> dict[str, str]:
        return {_filled(key, naming): _filled(word, naming) for key, word in self.body.items()}

    @property
    def is_below_a_firm(self) -> bool:
        return self.name != "join" and not self.name.startswith("oauth:")


def _filled(word: str, naming: Naming) -> str:
    return _THING.sub(lambda found: naming(found[1]), word)


def get(query: Mapping[str, str] | None = None, /, **args: str) -> Ask:
    return Ask(method="GET", args=args, body=query or {})


def post(body: Mapping[str, str] | None = None, /, **args: str) -> Ask:
    return Ask(method="POST", args=args, body=body or {})


def both(body: Mapping[str, str], /, **args: str) -> list[Ask]:
    return [get(**args), post(body, **args)]


def _provider(*asks: Ask) -> list[Ask]:
    return [replace(ask, provider=True) for ask in asks]


_DAYS = {"document_date": "2026-11-02", "due_date": "2026-12-02"}
_LINES = {
    "lines-TOTAL_FORMS": "1",
    "lines-INITIAL_FORMS": "0",
    "lines-0-description": "Slab",
    "lines-0-amount": "500",
    "lines-0-retainage": "10%",
}
_BILL = {"vendor": "<vendor>", "project": "<project>", "number": "B-77", **_DAYS, **_LINES}
_BILL_RELEASE = {"vendor": "<vendor>", "project": "<project>", "number": "R-77", **_DAYS, "amount": "10"}
_INVOICE = {"customer": "<customer>", "project": "<project>", "number": "I-77", **_DAYS, **_LINES}
_APPLICATION = {"number": "PA77", **_DAYS, "work-<sov_line>": "20"}
_PAYMENT = {"amount": "5", "paid_date": "2026-11-02", "reference": "77"}
_CONTRACT = {
    "title": "Lighting",
    "side": "receivable",
    "project": "<project>",
    "work_rate": "10",
    "stored_rate": "10",
    "rule": "none",
    "threshold_basis": "to_date",
    "crossing": "next_application",
    "rounding": "per_line",
    "sov-TOTAL_FORMS": "1",
    "sov-INITIAL_FORMS": "0",
    "sov-0-description": "All",
    "sov-0-value": "10000",
}
_SUBCONTRACT = _CONTRACT | {"side": "payable", "vendor": "<vendor>"}
_PROJECT = {"number": "J-77", "name": "Annex", "customer": "<customer>", "status": "active"}
_PREFERENCES = {"posting_mode": "net_plus_journal", "is_paused": "on"}
_DRAFTS = [{"kind": "bill", "public_id": "<bill>"}, {"kind": "invoice", "public_id": "<invoice>"}]
_OWED = [{"kind": "bill", "public_id": "<owed_bill>"}, {"kind": "invoice", "public_id": "<owed_invoice>"}]
_PARTIES = ["customers", "vendors"]
_BOOKS = {"connection": "<connection>"}

_EXCEPTIONS: dict[str, list[Ask]] = {
    "list": [get(), get({"open": "<entry>"}), get({"connection": "<connection>"})],
    "retry_all": [post(), post({"query": "connection=<connection>"})],
    "act_on_chosen": [
        post({"act": "retry", "chosen": "<entry>"}),
        post({"act": "skip", "chosen": "<entry>", "reason": "Paid in cash"}),
    ],
    "entry": [get(entry="<entry>")],
    "retry": [post(entry="<entry>")],
    "skip": [post({"reason": "Paid in cash"}, entry="<entry>")],
    "post_again": [post(entry="<entry>")],
    "call": [get(entry="<entry>", call="<call>")],
    "log": [get(), get({"connection": "<connection>"}), get({"open": "<entry>"})],
    "log_export": [get(), get({"connection": "<connection>"})],
    "status": [get()],
    "sync_now": [post()],
    "sync_one_now": [post(connection="<connection>")],
}
_CONNECTIONS: dict[str, list[Ask]] = {
    "list": [get(), get({"connect": "<connection>"})],
    "detail": [get(**_BOOKS)],
    "mapping": both({"revenue": "<account>"}, **_BOOKS),
    "accept": [post(**_BOOKS)],
    "parties": [get(**_BOOKS)],
    "parties_of": [get(kind="vendor", **_BOOKS), get({"party": "<vendor>"}, kind="vendor", **_BOOKS)],
    "link": [
        post({"exact": "1"}, kind="vendor", **_BOOKS),
        post({"party": "<vendor>", "theirs": "<their_vendor>"}, kind="vendor", **_BOOKS),
    ],
    "tags": [get(**_BOOKS)],
    "preferences": both(_PREFERENCES, **_BOOKS),
    "connect": _provider(post(provider="quickbooks"), post(provider="xero")),
    "refresh": _provider(post(connection="<books>")),
    "reconnect": _provider(post(connection="<books>")),
    "choose": _provider(*both({"company": "<company>"}, reference="<choice>")),
    "disconnect": _provider(*both({}, connection="<books>")),
}
_DOCUMENTS: dict[str, list[Ask]] = {
    "home": [get()],
    "export": [get()],
    "approve_several": [post({"chosen": "bill:<bill>"}), post({"chosen": "invoice:<invoice>"})],
    "bill_new": both(_BILL),
    "bill_release_new": both(_BILL_RELEASE),
    "bill_edit": both(_BILL, public_id="<bill>"),
    "invoice_new": both(_INVOICE),
    "invoice_edit": both(_APPLICATION, public_id="<invoice>"),
    "detail": [get(**which) for which in _DRAFTS + _OWED],
    "approve": [post(**which) for which in _DRAFTS],
    "reopen": [post(**which) for which in _OWED],
    "void": [ask for which in _OWED for ask in both({"reason": "Entered twice"}, **which)],
    "delete": [post(**which) for which in _DRAFTS],
    "pay": [ask for which in _OWED for ask in both(_PAYMENT, **which)],
    "payments": [get()],
    "payment_void": [post(public_id="<payment>")],
    "parties": [get(kind=kind) for kind in _PARTIES],
    "party_new": [ask for kind in _PARTIES for ask in both({"name": "Rexel"}, kind=kind)],
    "party_edit": [
        *both({"name": "Rexel"}, kind="vendors", public_id="<vendor>"),
        *both({"name": "Rexel"}, kind="customers", public_id="<customer>"),
    ],
    "party_archive": [
        post({"act": "archive"}, kind="vendors", public_id="<vendor>"),
        post({"act": "archive"}, kind="customers", public_id="<customer>"),
    ],
    "projects": [get()],
    "project_new": both(_PROJECT),
    "project_edit": both(_PROJECT | {"books": "<connection>"}, public_id="<project>"),
    "contracts": [get()],
    "contract_new": [*both(_CONTRACT), post(_SUBCONTRACT)],
    "contract": [get(public_id="<contract>")],
    "contract_edit": both(_CONTRACT | {"sov-0-public_id": "<sov_line>"}, public_id="<contract>"),
    "application_new": both(_APPLICATION, public_id="<contract>"),
    "release_new": both({"amount": "10", "number": "R1", **_DAYS}, public_id="<contract>"),
    "imports": [get(), replace(post({"kind": "vendors"}), file="name\nRexel\n")],
    "import_template": [get(kind="vendors")],
    "import": [get(public_id="<batch>"), get(public_id="<bills_batch>")],
    "import_confirm": [post(public_id="<batch>")],
    "import_parties": [post(public_id="<bills_batch>")],
    "import_rejected": [get(public_id="<bills_batch>")],
}
_PLAIN: dict[str, list[Ask]] = {
    "plan": [get()],
    "plan_change": [post({"plan": "scale"})],
    "people": [get()],
    "invite": [post({"email": "eve@example.com", "role": "viewer"})],
    "member_role": [post({"role": "viewer"}, member="<member>")],
    "member_remove": [post(member="<member>")],
    "invite_again": [post(invitation="<invitation>")],
    "invitation_withdraw": [post(invitation="<invitation>")],
    "join": both({"name": "Eve", "password": "a long enough sentence"}, token="<token>"),
    "oauth:callback": _provider(get({"state": "<state>", "code": "<code>"}, provider="xero")),
    "oauth:quickbooks_reconnect": [get({"realmId": "<realm>"})],
    "oauth:quickbooks_disconnected": [get()],
}


def _named() -> Iterator[Ask]:
    groups = {"exceptions:": _EXCEPTIONS, "documents:": _DOCUMENTS, "": _PLAIN, "connections:": _CONNECTIONS}
    for prefix, table in groups.items():
        for name, asks in table.items():
            yield from (replace(ask, name=f"{prefix}{name}") for ask in asks)


REQUESTS: list[Ask] = list(_named())

#: Addresses of nobody's: they show what belongs to the person who is signed in, or to no one.
PUBLIC = {"home", "firms", "help", "sign_up", "live", "ready", "gallery", "mailbox"}
