"""Laying out an organisation from a scenario."""

from datetime import timedelta
from typing import Any

from sandbox.charts import XERO_CHART, XeroAccount
from sandbox.scenarios import Scenario
from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero.accounts import store_account
from sandbox.xero.contacts import save_contact
from sandbox.xero.desk import Desk
from sandbox.xero.fields import Fields, Problems
from sandbox.xero.invoices import save_invoice
from sandbox.xero.items import save_item
from sandbox.xero.taxes import rates_for
from sandbox.xero.tracking import add_options, save_category

# What a country calls the ordinary rates of the charts.
_ORDINARY = {"NZ": {"INPUT": "INPUT2", "OUTPUT": "OUTPUT2"}, "UK": {"INPUT": "INPUT2", "OUTPUT": "OUTPUT2"}}
_RETENTION_CODES = ("615", "815")
_GAINS = XeroAccount("499", "Realised Currency Gains", "EXPENSE", "NONE", "REALISEDCURRENCYGAIN")
# Items of the scenarios name QuickBooks accounts; these are theirs here.
_ITEM_ACCOUNTS = {"4000": "200", "4100": "210", "1150": "615"}


def seed(desk: Desk, scenario: Scenario) -> None:
    """Chart, contacts, tracking, items, and a few documents where the scenario asks for them."""
    _chart(desk, scenario)
    names = (*scenario.customers, *scenario.vendors)
    contacts = {name: _save(desk, save_contact, {"Name": name}) for name in names}
    _tracking(desk, scenario)
    for name, account in scenario.items:
        if scenario.retainage_accounts or account != "1150":
            _item(desk, name, _ITEM_ACCOUNTS[account])
    if scenario.messy:
        _mess(desk)
    if scenario.opening_documents:
        _documents(desk, scenario, contacts)


def _save(desk: Desk, save: Any, body: Body) -> Record:
    record: Record = save(desk, Fields(body, Problems()), "PUT")
    return record


def _chart(desk: Desk, scenario: Scenario) -> None:
    version = desk.organisation.version
    for account in (*XERO_CHART, _GAINS):
        if account.code in _RETENTION_CODES and not scenario.retainage_accounts:
            continue
        body: Body = {
            "Code": account.code,
            "Name": account.name,
            "Type": account.type,
            "TaxType": _tax_type(version, account.tax),
            "Status": "ACTIVE",
        }
        if account.system:
            body["SystemAccount"] = account.system
        if account.type == "BANK":
            body |= {
                "BankAccountNumber": "0908007006543",
                "BankAccountType": "BANK",
                "CurrencyCode": desk.organisation.base_currency,
            }
        store_account(desk, body)


def _tax_type(version: str, tax: str) -> str:
    tax = _ORDINARY.get(version, {}).get(tax, tax)
    return tax if tax in rates_for(version) else "BASEXCLUDED"


def _tracking(desk: Desk, scenario: Scenario) -> None:
    if not scenario.classes:
        return
    for name, options in (("Department", scenario.classes), ("Job", [job for _, job in scenario.jobs])):
        category = _save(desk, save_category, {"Name": name})
        if options:
            add_options(desk, category, [Fields({"Name": option}, Problems()) for option in options])


def _item(desk: Desk, name: str, account: str) -> None:
    details = {"AccountCode": account}
    _save(desk, save_item, {"Code": name[:30], "Name": name, "Description": name, "SalesDetails": details})


def _mess(desk: Desk) -> None:
    """What years leave behind: an archived supplier whose name lives on, an archived account."""
    _save(desk, save_contact, {"Name": "Valley Concrete (old)", "ContactStatus": "ARCHIVED"})
    _save(desk, save_contact, {"Name": "Redwood Cranes", "ContactStatus": "ARCHIVED", "ContactNumber": "V-100"})
    store_account(desk, {"Code": "325", "Name": "Subcontractors 2019", "Type": "DIRECTCOSTS", "Status": "ARCHIVED"})


def _documents(desk: Desk, scenario: Scenario, contacts: dict[str, Record]) -> None:
    for index, name in enumerate(scenario.customers[:2]):
        _document(desk, "ACCREC", f"INV-{9001 + index}", contacts[name], "200", 12_500 + 2_750 * index, 20)
    for index, name in enumerate(scenario.vendors[:2]):
        _document(desk, "ACCPAY", f"SUP-{410 + index}", contacts[name], "320", 4_300 + 815 * index, 15)


def _document(desk: Desk, type: str, number: str, contact: Record, code: str, amount: int, ago: int) -> None:
    day = desk.today - timedelta(days=ago)
    line = {"Description": "Work in place", "Quantity": 1, "UnitAmount": amount, "AccountCode": code}
    body = {
        "Type": type,
        "InvoiceNumber": number,
        "Contact": {"ContactID": contact.id},
        "Date": day.isoformat(),
        "DueDate": (day + timedelta(days=30)).isoformat(),
        "Status": "AUTHORISED",
        "LineItems": [line],
    }
    _save(desk, save_invoice, body)
