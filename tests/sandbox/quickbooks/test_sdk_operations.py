"""python-quickbooks and intuit-oauth, as shipped: every operation on every entity they know."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from intuitlib.exceptions import AuthClientError
from quickbooks import objects
from quickbooks.batch import batch_create, batch_delete, batch_update
from quickbooks.cdc import change_data_capture
from quickbooks.exceptions import AuthorizationException, ObjectNotFoundException, QuickbooksException
from quickbooks.objects.companycurrency import CompanyCurrency

from tests.sandbox.quickbooks.books import (
    Books,
    a_bill,
    a_deposit,
    a_journal,
    a_payment,
    a_purchase,
    a_receipt,
    a_timesheet,
    an_invoice,
    callback,
    consent,
)
from tests.sandbox.quickbooks.sdk import PlainSession, client_at, sdk_of
from tests.sandbox.running import CALLBACK, CLIENT, Running

Body = dict[str, Any]


@pytest.fixture
def books(sandbox: Running) -> Books:
    return Books(sandbox)


@pytest.fixture
def sdk(books: Books) -> Iterator[Any]:
    with sdk_of(books) as client:
        yield client


def _ref(books: Books, entity: str, name: str) -> Body:
    return {"value": books.id(entity, name)}


def _bill_payment(books: Books) -> Body:
    bill = books.post("bill", a_bill(books))
    link = {"Amount": 400, "LinkedTxn": [{"TxnId": bill["Id"], "TxnType": "Bill"}]}
    bank = {"BankAccountRef": _ref(books, "Account", "1000")}
    return {"VendorRef": bill["VendorRef"], "TotalAmt": 400, "PayType": "Check", "CheckPayment": bank, "Line": [link]}


def _deposit(books: Books) -> Body:
    return a_deposit(books, ("Payment", books.post("payment", a_payment(books, 10))["Id"]))


def _refund(books: Books) -> Body:
    return a_receipt(books, DepositToAccountRef=_ref(books, "Account", "1000"))


def _transfer(books: Books) -> Body:
    ends = {"FromAccountRef": _ref(books, "Account", "1000"), "ToAccountRef": _ref(books, "Account", "1300")}
    return {**ends, "Amount": 12, "TxnDate": "2026-11-02"}


def _item(books: Books) -> Body:
    return {"Name": "Hour", "Type": "Service", "IncomeAccountRef": _ref(books, "Account", "4000")}


def _currency(books: Books) -> Body:
    books.sandbox.control("PATCH", f"/companies/{books.company}", {"multicurrency": True})
    return {"Code": "EUR"}


class Life(NamedTuple):
    """How an entity is made, what can be changed on it by hand, and how it ends: delete, void, both, or inactive."""

    name: str
    make: Callable[[Books], Body]
    field: str = "PrivateNote"
    ends: tuple[str, ...] = ("delete",)


LIVES = [
    Life("Account", lambda b: {"Name": "Cash box", "AccountType": "Bank"}, "Description", ("inactive",)),
    Life("Attachable", lambda b: {"Note": "call back"}, "Note"),
    Life("Bill", a_bill),
    Life("BillPayment", _bill_payment, ends=("void", "delete")),
    Life("Class", lambda b: {"Name": "Night shift"}, "Name", ("inactive",)),
    Life("CompanyCurrency", _currency, "Name", ("inactive",)),
    Life("CreditMemo", an_invoice),
    Life("Customer", lambda b: {"DisplayName": "New Builders"}, "Notes", ("inactive",)),
    Life("Department", lambda b: {"Name": "North"}, "Name", ("inactive",)),
    Life("Deposit", _deposit),
    Life("Employee", lambda b: {"GivenName": "Bob", "FamilyName": "Mason"}, "Title", ("inactive",)),
    Life("Estimate", an_invoice),
    Life("Invoice", an_invoice, ends=("void", "delete")),
    Life("Item", _item, "Description", ("inactive",)),
    Life("JournalEntry", lambda b: a_journal(b, ("Debit", "1150", 1), ("Credit", "4000", 1))),
    Life("Payment", lambda b: a_payment(b, 5), ends=("void", "delete")),
    Life("PaymentMethod", lambda b: {"Name": "Barter"}, "Name", ("inactive",)),
    Life("Purchase", a_purchase),
    Life("PurchaseOrder", a_bill),
    Life("RefundReceipt", _refund),
    Life("SalesReceipt", a_receipt, ends=("void", "delete")),
    Life("TaxAgency", lambda b: {"DisplayName": "City Hall"}, "TaxRegistrationNumber", ()),
    Life("Term", lambda b: {"Name": "Net 45", "DueDays": 45}, "Name", ("inactive",)),
    Life("TimeActivity", a_timesheet, "Description"),
    Life("Transfer", _transfer),
    Life("Vendor", lambda b: {"DisplayName": "New Supplier"}, "Notes", ("inactive",)),
    Life("VendorCredit", a_bill),
]  # fmt: skip


# What even an update in part has to say.
SAID_AGAIN = {"Bill": ("VendorRef",), "Purchase": ("PaymentType",)}


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.name)
def test_a_life(sdk: Any, books: Books, life: Life) -> None:
    """Created, read, queried, counted, updated in full and in part, and ended."""
    kind = CompanyCurrency if life.name == "CompanyCurrency" else getattr(objects, life.name)
    made = kind.from_json(life.make(books)).save(qb=sdk)
    found = kind.get(made.Id, qb=sdk)
    assert kind.choose([made.Id], qb=sdk)[0].Id == found.Id
    assert kind.count(f"Id = '{made.Id}'", qb=sdk) == 1
    setattr(found, life.field, "changed in full")
    found.save(qb=sdk)
    version = kind.get(made.Id, qb=sdk).SyncToken
    assert (getattr(kind.get(made.Id, qb=sdk), life.field), version) == ("changed in full", "1")
    said = {name: life.make(books)[name] for name in SAID_AGAIN.get(life.name, ())}
    part = {"Id": made.Id, "SyncToken": version, "sparse": True, life.field: "changed in part", **said}
    sdk.update_object(life.name, json.dumps(part))
    assert getattr(kind.get(made.Id, qb=sdk), life.field) == "changed in part"
    assert [row.Id for row in kind.all(max_results=1, order_by="Id DESC", qb=sdk)] == [made.Id]
    for end in life.ends:
        ENDS[end](kind, made.Id, sdk)


def _inactive(kind: Any, id: str, sdk: Any) -> None:
    found = kind.get(id, qb=sdk)
    found.Active = False
    found.save(qb=sdk)
    assert kind.choose([id], qb=sdk) == []
    assert kind.where(f"Id = '{id}' AND Active IN (true, false)", qb=sdk)[0].Active is False


def _void(kind: Any, id: str, sdk: Any) -> None:
    kind.get(id, qb=sdk).void(qb=sdk)
    found = kind.get(id, qb=sdk)
    assert (found.TotalAmt, found.PrivateNote[:6]) == (0, "Voided")


def _delete(kind: Any, id: str, sdk: Any) -> None:
    kind.get(id, qb=sdk).delete(qb=sdk)
    with pytest.raises(ObjectNotFoundException):
        kind.get(id, qb=sdk)


ENDS = {"inactive": _inactive, "void": _void, "delete": _delete}


def test_pages_of_a_list(sdk: Any) -> None:
    pages = [
        [account.Id for account in objects.Account.all(order_by="Id", start_position=start, max_results=8, qb=sdk)]
        for start in (1, 9, 17, 25)
    ]
    assert [len(page) for page in pages] == [8, 8, 6, 0]
    assert len({id for page in pages for id in page}) == 22


def test_batches_of_every_operation(sdk: Any, books: Books) -> None:
    made = batch_create([objects.Bill.from_json(a_bill(books, number)) for number in range(1, 32)], qb=sdk)
    assert len(made.successes) == 31
    for bill in made.successes:
        bill.PrivateNote = "batched"
    stale = objects.Bill.from_json({**a_bill(books), "Id": made.successes[0].Id, "SyncToken": "7"})
    changed = batch_update([*made.successes[1:3], stale], qb=sdk)
    assert (len(changed.successes), changed.faults[0].Error[0].code) == (2, "5010")
    assert len(batch_delete(changed.successes, qb=sdk).successes) == 2
    assert objects.Bill.count(qb=sdk) == 29


def test_changes_since_a_moment(sdk: Any, books: Books) -> None:
    bill = books.post("bill", a_bill(books))
    books.post("bill?operation=delete", {"Id": bill["Id"], "SyncToken": "0"})
    books.post("vendor", {"DisplayName": "Changed Ltd"})
    found = change_data_capture([objects.Bill, objects.Vendor, objects.Estimate], "2026-11-01", qb=sdk)
    assert [(row.Id, row.status) for row in found.Bill] == [(bill["Id"], "Deleted")]
    assert "Changed Ltd" in [row.DisplayName for row in found.Vendor]
    assert not hasattr(found, "Estimate")


def test_a_file_is_attached(sdk: Any, books: Books, tmp_path: Path) -> None:
    """The SDK's own form: LF line ends, base64, a fixed boundary."""
    invoice = objects.Invoice.from_json(an_invoice(books)).save(qb=sdk)
    path = tmp_path / "report.txt"
    path.write_bytes(b"line one\r\nline two\x00\xff")
    for given in ({"_FilePath": str(path)}, {"_FileBytes": path.read_bytes()}):
        file = objects.Attachable()
        reference = objects.AttachableRef()
        reference.EntityRef = invoice.to_ref()
        file.AttachableRef, file.FileName, file.ContentType = [reference], "report.txt", "text/plain"
        for name, value in given.items():
            setattr(file, name, value)
        saved = file.save(qb=sdk)
        link = objects.Attachable.get(saved.Id, qb=sdk).TempDownloadUri
        assert books.sandbox.http.get(link, timeout=5).content == path.read_bytes()


def test_a_form_is_printed_and_sent(sdk: Any, books: Books) -> None:
    invoice = objects.Invoice.from_json(an_invoice(books)).save(qb=sdk)
    assert invoice.download_pdf(qb=sdk).startswith(b"%PDF-")
    invoice.send(qb=sdk, send_to="bob+office@example.com")
    sent = objects.Invoice.get(invoice.Id, qb=sdk)
    assert (sent.EmailStatus, sent.BillEmail.Address) == ("EmailSent", "bob+office@example.com")
    with pytest.raises(QuickbooksException) as caught:
        invoice.send(qb=sdk, send_to="nowhere")
    assert caught.value.error_code == 2210


@pytest.mark.parametrize("name", ["TrialBalance", "BalanceSheet", "ProfitAndLoss", "GeneralLedger"])
def test_reports(sdk: Any, books: Books, name: str) -> None:
    books.post("invoice", an_invoice(books, 10))
    found = sdk.get_report(name, {"start_date": "2026-01-01", "end_date": "2026-12-31"})
    assert found["Header"]["ReportName"] == name and found["Rows"]["Row"]


def test_the_company_and_its_preferences_change(sdk: Any, books: Books) -> None:
    info = objects.CompanyInfo.get(books.company, qb=sdk)
    sdk.update_object("CompanyInfo", json.dumps({"SyncToken": info.SyncToken, "sparse": True, "LegalName": "Iron Inc"}))
    again = objects.CompanyInfo.get(books.company, qb=sdk)
    assert (again.LegalName, again.CompanyName, again.SyncToken) == ("Iron Inc", info.CompanyName, "1")
    preferences = objects.Preferences.get(qb=sdk)
    preferences.SalesFormsPrefs.CustomTxnNumbers = False
    preferences.AccountingInfoPrefs.TrackDepartments = True
    preferences.save(qb=sdk)
    again = objects.Preferences.get(qb=sdk)
    assert (again.SalesFormsPrefs.CustomTxnNumbers, again.AccountingInfoPrefs.TrackDepartments) == (False, True)
    with pytest.raises(QuickbooksException) as caught:
        preferences.save(qb=sdk)
    assert caught.value.error_code == 5010


def test_a_tax_code_of_ones_own(sdk: Any) -> None:
    detail = objects.TaxRateDetails()
    detail.TaxRateName, detail.RateValue, detail.TaxAgencyId = "City", 2.5, objects.TaxAgency.all(qb=sdk)[0].Id
    service = objects.TaxService()
    service.TaxCode, service.TaxRateDetails = "City 2.5%", [detail]
    service.save(qb=sdk)
    [code] = objects.TaxCode.filter(Name="City 2.5%", qb=sdk)
    rate = objects.TaxRate.get(code.SalesTaxRateList.TaxRateDetail[0].TaxRateRef.value, qb=sdk)
    assert (rate.Name, rate.RateValue) == ("City", 2.5)
    with pytest.raises(QuickbooksException) as caught:
        service.save(qb=sdk)
    assert caught.value.error_code == 6240


# The library asks for the time in a way that Python 3.12 warns of.
@pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")
def test_connecting_refreshing_and_revoking(sandbox: Running) -> None:
    company = sandbox.company("quickbooks")
    discovery = f"{sandbox.url}/quickbooks/.well-known/openid_sandbox_configuration/"
    with AuthClient(*CLIENT, CALLBACK, discovery) as auth:
        scopes = [Scopes.ACCOUNTING, Scopes.OPENID, Scopes.EMAIL]
        url = auth.get_authorization_url(scopes, state_token="s-1")
        assert sandbox.http.get(url, timeout=5).status_code == 200
        answer = callback(consent(sandbox, company, scope=" ".join(scope.value for scope in scopes)))
        auth.get_bearer_token(answer["code"], realm_id=answer["realmId"])
        assert auth.id_token and auth.access_token
        first = auth.access_token
        auth.refresh()
        assert auth.access_token != first
        assert auth.get_user_info().json()["email"] == "alice@example.com"
        client = client_at(sandbox, company)
        with PlainSession() as client.session:
            client.session.access_token = auth.access_token
            assert objects.Vendor.all(qb=client)
            auth.revoke()
            with pytest.raises(AuthorizationException):
                objects.Vendor.all(qb=client)
        with pytest.raises(AuthClientError) as caught:
            auth.refresh()
        assert caught.value.status_code == 400
