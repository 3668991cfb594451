"""Companies of `/control/`: scenarios, copies, settings, and what cannot be done."""

from typing import Any

import pytest
import requests

from sandbox.scenarios import SCENARIOS
from tests.sandbox.quickbooks.books import Books, a_journal
from tests.sandbox.running import Running
from tests.sandbox.xero.browser import Client, client_of, tokens

LONG_AGO = "2020-01-01"


@pytest.mark.parametrize("provider", ["quickbooks", "xero"])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_is_created_cloned_and_reset(sandbox: Running, provider: str, scenario: str) -> None:
    company = sandbox.company(provider, scenario)
    copy = sandbox.control("POST", f"/companies/{company}/clone", {"name": "Copy"})
    assert copy["scenario"] == scenario and copy["id"] != company
    assert sandbox.trial_balance(copy["id"]) == sandbox.trial_balance(company)
    sandbox.control("PATCH", f"/companies/{company}", {"counting": True})
    assert sandbox.control("GET", f"/companies/{company}")["settings"]["counting"] is True
    reset = sandbox.control("POST", f"/companies/{company}/reset")
    assert "counting" not in reset["settings"] and reset["name"] != "Copy"
    assert sandbox.trial_balance(company) == sandbox.trial_balance(copy["id"])
    assert sum(sandbox.trial_balance(company).values()) == 0


BORN: list[tuple[str, dict[str, Any]]] = [
    ("quickbooks", {"country": "AU", "currency": "AUD"}),
    ("xero", {"version": "NZ", "base_currency": "NZD"}),
]


@pytest.mark.parametrize(("provider", "born"), BORN, ids=["quickbooks", "xero"])
def test_a_company_keeps_the_country_it_was_laid_out_for(sandbox: Running, provider: str, born: dict[str, Any]) -> None:
    new = {"provider": provider, "scenario": "contractor", "settings": {**born, "counting": True}}
    made = sandbox.control("POST", "/companies", new)
    path = f"/companies/{made['id']}"
    assert sandbox.control("PATCH", path, born)["settings"] == made["settings"]
    for name in born:
        for other in ("US" if name in ("country", "version") else "USD", None):
            answer = sandbox.http.patch(f"{sandbox.url}/control{path}", json={name: other, "counting": None}, timeout=5)
            assert answer.status_code == 400 and f"{name} cannot change" in answer.json()["error"]
    assert sandbox.control("GET", path)["settings"] == made["settings"]
    taxes = sandbox.trial_balance(made["id"]).keys()
    kept = sandbox.control("POST", f"{path}/reset")["settings"]
    assert kept.items() >= born.items() and "counting" not in kept
    assert sandbox.trial_balance(made["id"]).keys() == taxes


def test_scenarios_of_quickbooks_differ_as_they_say(sandbox: Running) -> None:
    empty, contractor, messy, closed, limited, au = (Books(sandbox, name) for name in SCENARIOS)
    assert not empty.query("select * from Customer") and not contractor.sandbox.documents(contractor.company)
    assert len(contractor.query("select * from Customer where Job = true")) == 3
    assert not messy.query("select * from Account where AcctNum = '1150'") and sandbox.documents(messy.company)
    assert [row["DisplayName"] for row in messy.query("select * from Vendor where Active = false")] == [
        "Old Crane Hire (deleted)"
    ]
    assert (
        closed.refused(
            "journalentry", a_journal(closed, ("Debit", "6000", 1), ("Credit", "1000", 1), TxnDate=LONG_AGO)
        )[1]["code"]
        == "6210"
    )
    assert len(limited.query("select * from Class maxresults 100")) == 40
    assert limited.refused("class", {"Name": "One more"})[1]["code"] == "6000"
    assert contractor.post("class", {"Name": "One more"})["Name"] == "One more"
    assert {row["Name"] for row in au.query("select * from TaxCode")} >= {"GST"}
    assert au.get(f"companyinfo/{au.company}")["Country"] == "AU"


def test_scenarios_differ_as_they_say(sandbox: Running) -> None:
    empty, contractor, messy, closed, limited, au = (client_of(sandbox.url, name) for name in SCENARIOS)
    assert not empty.good("GET", "Contacts")["Contacts"] and not empty.documents()
    assert len(contractor.good("GET", "Contacts")["Contacts"]) == 9
    accounts = {row["Code"]: row for row in messy.good("GET", "Accounts")["Accounts"]}
    assert "615" not in accounts and accounts["325"]["Status"] == "ARCHIVED" and messy.documents()
    assert "PeriodLockDate" in closed.one("GET", "Organisation")
    (department,) = [
        row for row in limited.good("GET", "TrackingCategories")["TrackingCategories"] if row["Name"] == "Department"
    ]
    assert len(department["Options"]) == 40
    assert limited.call("PUT", "TrackingCategories", {"Name": "Third"}).status_code == 400
    assert au.one("GET", "Organisation")["BaseCurrency"] == "AUD"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/companies", {"provider": "sage"}),
        ("POST", "/companies", {"provider": "xero", "scenario": "nowhere"}),
        ("PUT", "/clock", {"offset_seconds": "soon"}),
        ("PUT", "/limits", {"scale": 0}),
        ("PUT", "/latency", {"median_ms": "x"}),
        ("PUT", "/latency", {"median_ms": 1, "scale": -1}),
        ("POST", "/apps", {"redirect_uris": "x"}),
        ("POST", "/apps", {"redirect_uris": ["http://127.0.0.1/"]}),
        ("GET", "/companies/nobody", None),
        ("DELETE", "/faults/999", None),
    ],
)
def test_what_cannot_be_done_says_why(sandbox: Running, method: str, path: str, body: Any) -> None:
    answer = sandbox.http.request(method, f"{sandbox.url}/control{path}", json=body, timeout=5)
    assert answer.status_code in (400, 404) and answer.json()["error"].endswith(".")


def test_a_company_is_laid_out_with_the_settings_it_is_made_with(sandbox: Running) -> None:
    body = {"provider": "xero", "scenario": "contractor", "settings": {"version": "NZ", "base_currency": "NZD"}}
    made = sandbox.control("POST", "/companies", body)
    assert (made["settings"]["version"], made["settings"]["class"]) == ("NZ", "DEMO")
    token = tokens(sandbox.url, [made["id"]])["access_token"]
    client = Client(sandbox.url, made["id"], token)
    sales = client.one("GET", "Accounts", params={"where": 'Code=="200"'})
    assert (sales["TaxType"], client.one("GET", "Organisation")["CountryCode"]) == ("OUTPUT2", "NZ")


def test_settings_of_a_new_company_are_an_object(sandbox: Running) -> None:
    answer = requests.post(f"{sandbox.url}/control/companies", json={"provider": "xero", "settings": ["NZ"]}, timeout=5)
    assert answer.status_code == 400 and "settings" in answer.json()["error"]
