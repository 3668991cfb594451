"""The vendor's rules that span documents: statuses, countries, tracking, plans."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from sandbox.xero.purchase_orders import MOVES as ORDER_MOVES
from sandbox.xero.statuses import INVOICE_MOVES, JOURNAL_MOVES
from sandbox.xero.taxes import rates_for
from tests.sandbox.running import Running
from tests.sandbox.xero.browser import Client, client_of, configure, invoice, line
from tests.sandbox.xero.test_documents import journal

BANK = {"Code": "090"}


@pytest.fixture(scope="module")
def client(server: Running) -> Client:
    return client_of(server.url, scopes="accounting.banktransactions")


def credit(**more: Any) -> dict[str, Any]:
    return invoice(None, kind="ACCRECCREDIT", **more)


def order(**more: Any) -> dict[str, Any]:
    body: dict[str, Any] = {"Contact": {"Name": "Summit"}, "LineItems": [{"Description": "Bolts", "UnitAmount": 2}]}
    return {**body, "Date": "2026-10-01", **more}


# How a document of a resource gets into a status: the one it is born with, and what it becomes then.
BIRTHS: dict[str, dict[str, tuple[str, ...]]] = {
    "Invoices": {
        "DRAFT": ("DRAFT",), "SUBMITTED": ("SUBMITTED",), "AUTHORISED": ("AUTHORISED",),
        "VOIDED": ("AUTHORISED", "VOIDED"), "DELETED": ("DRAFT", "DELETED"),
    },
    "ManualJournals": {
        "DRAFT": ("DRAFT",), "POSTED": ("POSTED",), "VOIDED": ("POSTED", "VOIDED"), "DELETED": ("DRAFT", "DELETED"),
    },
    "PurchaseOrders": {
        "DRAFT": ("DRAFT",), "SUBMITTED": ("SUBMITTED",), "AUTHORISED": ("AUTHORISED",),
        "BILLED": ("AUTHORISED", "BILLED"), "DELETED": ("DRAFT", "DELETED"),
    },
}  # fmt: skip
BIRTHS["CreditNotes"] = BIRTHS["Invoices"]
MOVES = {"Invoices": INVOICE_MOVES, "CreditNotes": INVOICE_MOVES, "ManualJournals": JOURNAL_MOVES}
MOVES |= {"PurchaseOrders": ORDER_MOVES}
BODIES = {"Invoices": invoice(None), "CreditNotes": credit(), "ManualJournals": journal(debit="310")}
BODIES |= {"PurchaseOrders": order()}


def machine() -> Iterator[Any]:
    for plural, births in BIRTHS.items():
        for old in births:
            for new in (*births, *(["PAID"] if MOVES[plural] is INVOICE_MOVES else [])):
                yield pytest.param(plural, old, new, id=f"{plural} {old} {new}")


def living(client: Client, plural: str, *statuses: str) -> str:
    """The path of a new document that went through these statuses."""
    made = client.one("PUT", plural, {**BODIES[plural], "Status": statuses[0]})
    path = f"{plural}/{made[f'{plural[:-1]}ID']}"
    for status in statuses[1:]:
        client.good("POST", path, {"Status": status})
    return path


@pytest.mark.parametrize(("plural", "old", "new"), list(machine()))
def test_statuses_follow_each_other_as_documented(client: Client, plural: str, old: str, new: str) -> None:
    path = living(client, plural, *BIRTHS[plural][old])
    answer = client.call("POST", path, {"Status": new})
    assert answer.status_code == (200 if new in MOVES[plural][old] else 400), answer.text
    assert client.one("GET", path)["Status"] == (new if answer.status_code == 200 else old)


@pytest.mark.parametrize("plural", ["Invoices", "CreditNotes"])
def test_what_is_settled_stays(client: Client, plural: str) -> None:
    path = living(client, plural, "AUTHORISED")
    id = path.split("/")[1]
    payment = {plural[:-1]: {f"{plural[:-1]}ID": id}, "Account": BANK, "Amount": 100, "Date": "2026-10-02"}
    client.good("PUT", "Payments", payment)
    assert client.one("GET", path)["Status"] == "PAID"
    for status in ("DRAFT", "SUBMITTED", "AUTHORISED", "VOIDED", "DELETED"):
        assert client.call("POST", path, {"Status": status}).status_code == 400


CENT = Decimal("0.01")
AMOUNTS = ("0.03", "33.33", "0.50", "-10.05")


def expected_tax(amount: Decimal, percent: Decimal, kind: str) -> Decimal:
    if kind == "Inclusive":
        return amount - (amount / (1 + percent / 100)).quantize(CENT, ROUND_HALF_UP)
    return (amount * percent / 100).quantize(CENT, ROUND_HALF_UP)


@pytest.mark.parametrize("kind", ["Exclusive", "Inclusive"])
@pytest.mark.parametrize("version", ["AU", "NZ", "UK", "US", "GLOBAL"])
def test_every_rate_of_a_country_rounds_line_by_line(server: Running, version: str, kind: str) -> None:
    client = client_of(server.url, version=version)
    sales = {name: rate for name, rate in rates_for(version).items() if rate.status == "ACTIVE"}
    sales = {name: rate for name, rate in sales.items() if rate.suits("REVENUE")}
    lines = [line(amount, TaxType=name) for name in sales for amount in AMOUNTS]
    made = client.one("PUT", "Invoices", invoice("T", LineItems=lines, LineAmountTypes=kind))
    taxes = [expected_tax(Decimal(amount), rate.percent, kind) for rate in sales.values() for amount in AMOUNTS]
    assert [Decimal(str(row["TaxAmount"])) for row in made["LineItems"]] == taxes
    assert Decimal(str(made["TotalTax"])) == sum(taxes)
    net = sum(Decimal(amount) for amount in AMOUNTS) * len(sales)
    assert Decimal(str(made["Total"])) == (net if kind == "Inclusive" else net + sum(taxes))


def test_a_code_of_another_country_is_refused(server: Running) -> None:
    client = client_of(server.url, version="AU")
    foreign = set(rates_for("NZ")) - set(rates_for("AU")) - {"NONE"}
    assert foreign
    for name in sorted(foreign):
        (sentence,) = client.sentences("PUT", "Invoices", invoice("T", LineItems=[line(TaxType=name)]))
        assert f"'{name}'" in sentence


def test_currencies_need_the_plan_and_stay(server: Running) -> None:
    client = client_of(server.url, denied_actions=["UseMulticurrency"])
    refusal = ["Organisation is not subscribed to currency EUR"]
    assert client.sentences("PUT", "Currencies", {"Code": "EUR"}) == refusal
    configure(client.url, client.tenant, denied_actions=[])
    client.good("PUT", "Currencies", {"Code": "EUR"})
    assert client.one("PUT", "Currencies", {"Code": "JPY"}) == {"Code": "JPY", "Description": "Japanese Yen"}
    assert {row["Code"] for row in client.good("GET", "Currencies")["Currencies"]} == {"USD", "EUR", "JPY"}
    assert client.call("DELETE", "Currencies/EUR").status_code == 501
    made = client.one("PUT", "Invoices", invoice("E", CurrencyCode="EUR", CurrencyRate="0.9123456789"))
    assert (made["CurrencyCode"], made["CurrencyRate"]) == ("EUR", 0.912346)
    assert client.balances()["610"] == Decimal("109.61")


def test_tracking_that_is_used_can_only_be_archived(server: Running) -> None:
    client = client_of(server.url, "contractor")
    category = next(
        row for row in client.good("GET", "TrackingCategories")["TrackingCategories"] if row["Name"] == "Department"
    )
    path, option = f"TrackingCategories/{category['TrackingCategoryID']}", category["Options"][0]
    entry = {"Name": "Department", "Option": option["Name"]}
    client.good("PUT", "Invoices", invoice("T", LineItems=[line(Tracking=[entry])]))
    inner = f"{path}/Options/{option['TrackingOptionID']}"
    for target in (path, inner):
        assert "can only be archived" in client.sentences("DELETE", target)[0]
    client.good("POST", inner, {"Status": "ARCHIVED"})
    late = client.sentences("PUT", "Invoices", invoice("U", LineItems=[line(Tracking=[entry])]))
    assert late == ["The tracking category or tracking option could not be found."]
    client.good("POST", path, {"Status": "ARCHIVED"})
    shown = {row["Name"] for row in client.good("GET", "TrackingCategories")["TrackingCategories"]}
    every = client.good("GET", "TrackingCategories?includeArchived=true")["TrackingCategories"]
    assert "Department" not in shown and "Department" in {row["Name"] for row in every}
    assert client.one("PUT", "TrackingCategories", {"Name": "Region"})["Status"] == "ACTIVE"


@pytest.mark.parametrize(
    "day", ["2026-10-01", "2026-10-01T00:00:00", "/Date(1790812800000)/", "/Date(1790812800000+0000)/"]
)
def test_a_day_in_every_form(client: Client, day: str) -> None:
    made = client.one("PUT", "Invoices", invoice(None, Date=day))
    assert made["DateString"] == "2026-10-01T00:00:00" and made["Date"] == "/Date(1790812800000+0000)/"


def test_a_document_without_a_date_gets_the_organisations_own(server: Running) -> None:
    body = invoice(None, status="DRAFT", Date=None, LineAmountTypes="NoTax")
    try:
        # 20:00 in Los Angeles is the next day in Auckland.
        server.control("PUT", "/clock", {"offset_seconds": _until_hour(server, 4)})
        days = [client_of(server.url, version=version).one("PUT", "Invoices", body) for version in ("US", "NZ")]
    finally:
        server.control("PUT", "/clock", {"offset_seconds": 0})
    assert days[0]["DateString"] < days[1]["DateString"]


def _until_hour(server: Running, hour: int) -> int:
    """Seconds from now to the next time it is `hour` o'clock in UTC."""
    now = server.control("GET", "/clock")["now"]
    passed = int(now[11:13]) * 3600 + int(now[14:16]) * 60 + int(now[17:19])
    return (hour * 3600 - passed) % 86_400


def test_names_of_fields_and_booleans_come_in_any_case(client: Client) -> None:
    body = {"invoices": [{name.upper(): value for name, value in invoice(None).items()}]}
    made = client.one("PUT", "iNVOICES?SUMMARIZEerrors=FALSE", body)
    assert made["StatusAttributeString"] == "OK" and made["Total"] == 100.0


def test_four_places_for_unit_prices_only_if_asked_for(client: Client) -> None:
    body = invoice(None, LineItems=[line("1.23456")])
    plain, fine = client.one("PUT", "Invoices", body), client.one("PUT", "Invoices?unitdp=4", body)
    assert (plain["LineItems"][0]["UnitAmount"], plain["Total"]) == (1.23, 1.23)
    assert (fine["LineItems"][0]["UnitAmount"], fine["Total"]) == (1.2346, 1.23)
    path = f"Invoices/{fine['InvoiceID']}"
    assert client.one("GET", path)["LineItems"][0]["UnitAmount"] == 1.23
    assert b'"UnitAmount":1.2346,' in client.call("GET", f"{path}?unitdp=4").content
    assert b'"UnitAmount":1.2300,' in client.call("GET", f"Invoices/{plain['InvoiceID']}?unitdp=4").content


def test_an_archived_contact_stays_readable_and_keeps_its_number(client: Client) -> None:
    made = client.one("PUT", "Contacts", {"Name": "Old friend", "ContactNumber": "OF"})
    path = f"Contacts/{made['ContactID']}"
    client.good("POST", path, {"ContactStatus": "ARCHIVED"})
    assert client.one("GET", path)["ContactStatus"] == "ARCHIVED"
    query = {"where": 'Name=="Old friend"'}
    assert client.good("GET", "Contacts", params=query)["Contacts"] == []
    assert client.one("GET", "Contacts", params={**query, "includeArchived": "true"})["ContactID"] == made["ContactID"]
    refused = client.sentences("POST", path, {"ContactStatus": "ACTIVE"})
    assert refused == [
        "The specified contact details matched an archived contact. Archived contacts cannot currently be "
        "edited via the API."
    ]
    again = client.one("PUT", "Contacts", {"Name": "old friend"})
    assert again["ContactID"] != made["ContactID"]
