"""What the suite must know of each provider beyond the port's words. A further provider is added here, once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from integrations.ports import Role, WireCall
from sync.outcomes import NeedsPerson, Outcome, RetryAt


@dataclass(frozen=True, kw_only=True)
class Manners:
    """What the suite cannot say in the port's words: how the sandbox names and bends this provider."""

    #: Entity of the sandbox's counters and faults by role.
    entities: Mapping[Role, str]
    #: Operation of the faults that a call with several documents matches.
    batch_operation: str
    #: Entity of such a call; None matches any.
    batch_entity: Callable[[Role], str | None]
    #: Company settings that close the books up to and with a day.
    close: Callable[[str], dict[str, Any]]
    #: Failures in the vendor's own wording that prove nothing, as fault acts.
    own_failures: Sequence[dict[str, Any]]
    #: Refusals that speak of the connection, as fault acts with the catalogue code each must lead to.
    shut_out: Sequence[tuple[dict[str, Any], str]]
    #: Settings of the company that shut Rivet out, and the code.
    shutting: tuple[dict[str, Any], str]
    #: A person of the sandbox whose grant for one company is no grant for another test's.
    somebody_else: str
    #: What a withdrawn grant comes to, and its code.
    withdrawn: tuple[type[Outcome], str]
    #: What to replace in the body of a party's update, and by what, to make it inactive.
    inactive: tuple[bytes, bytes]
    #: Seconds to wait after a 429 that names no time.
    default_wait: float
    #: An answer to a batch that leaves every document but the first out.
    omitting: Callable[[WireCall, list[Mapping[str, Any]]], Any]


MANNERS: Mapping[str, Manners] = {
    "quickbooks": Manners(
        entities={
            Role.CUSTOMER: "Customer",
            Role.VENDOR: "Vendor",
            Role.ITEM: "Item",
            Role.BILL: "Bill",
            Role.INVOICE: "Invoice",
            Role.RETAINAGE_JOURNAL: "JournalEntry",
        },
        batch_operation="batch",
        batch_entity=lambda role: None,
        close=lambda day: {"book_close_date": day},
        own_failures=[
            {"kind": "code", "code": "10000"},
            {"kind": "code", "code": "6002"},
            {"kind": "code", "code": "150"},
            {"kind": "code", "code": "6000"},
        ],
        shut_out=[
            ({"kind": "code", "code": "3100"}, "CON-03"),
            ({"kind": "code", "code": "6190"}, "CON-05"),
        ],
        shutting=({"access": "removed"}, "CON-02"),
        somebody_else="alice@example.com",
        # Only the token is refused; that the grant is gone is for the refresh to find.
        withdrawn=(RetryAt, "CON-07"),
        inactive=(b'"DisplayName"', b'"Active":false,"DisplayName"'),
        default_wait=60,
        omitting=lambda call, echoes: {"BatchItemResponse": [{"bId": call.refs[0], "Bill": echoes[0]}]},
    ),
    "xero": Manners(
        entities={
            Role.CUSTOMER: "Contact",
            Role.VENDOR: "Contact",
            Role.BILL: "Invoice",
            Role.INVOICE: "Invoice",
            Role.RETAINAGE_JOURNAL: "ManualJournal",
        },
        batch_operation="create",
        batch_entity=lambda role: MANNERS["xero"].entities[role],
        close=lambda day: {"period_lock_date": day},
        own_failures=[
            {"kind": "code", "code": "500"},
            {"kind": "code", "code": "503"},
            {"kind": "code", "code": "503-organisation"},
            {"kind": "code", "code": "404"},
        ],
        shut_out=[
            ({"kind": "code", "code": "403"}, "CON-03"),
            ({"kind": "code", "code": "401-scope"}, "CON-06"),
            ({"kind": "code", "code": "403-role"}, "CON-02"),
        ],
        shutting=({"forbidden_resources": ["Contacts"]}, "CON-02"),
        somebody_else="bob@rivet.example",
        withdrawn=(NeedsPerson, "CON-03"),
        inactive=(b'"Name"', b'"ContactStatus":"ARCHIVED","Name"'),
        default_wait=30,
        omitting=lambda call, echoes: {"Status": "OK", "Invoices": echoes[:1]},
    ),
}
