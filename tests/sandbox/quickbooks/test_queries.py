"""The query language as clients use it, and as it refuses them."""

from datetime import date

import pytest

from sandbox.quickbooks.faults import ServiceFault
from sandbox.quickbooks.query_properties import spelled
from tests.sandbox.quickbooks.books import Books, an_invoice
from tests.sandbox.running import Running


@pytest.fixture(scope="module")
def books(server: Running) -> Books:
    server.control("PUT", "/limits", {"enabled": False})
    books = Books(server)
    books.post("vendor", {"DisplayName": "O'Brien & Sons 🏗"})
    for number in range(1, 6):
        books.post("invoice", an_invoice(books, number * 100, DocNumber=f"Q-{number}", TxnDate=f"2026-10-0{number}"))
    return books


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("select * from Invoice where DocNumber = 'q-3'", ["Q-3"]),
        ("select * from Invoice where TotalAmt > '300.00' orderby DocNumber", ["Q-4", "Q-5"]),
        ("SELECT * FROM Invoice WHERE TxnDate<='2026-10-02' AND Balance > '0' ORDER BY TxnDate DESC", ["Q-2", "Q-1"]),
        ("select * from Invoice where DocNumber in ('Q-1','Q-5') orderby Id", ["Q-1", "Q-5"]),
        ("select * from Invoice where DocNumber like 'Q-%' orderby Id STARTPOSITION 4 MAXRESULTS 1", ["Q-4"]),
        ("select * from Invoice where DocNumber like 'Q-%' orderby Id MAXRESULTS 1 STARTPOSITION 2", ["Q-2"]),
        ("select * from Invoice where DocNumber like 'Q_%'", []),
        ("select * from invoice where docnumber = 'Q-2' and metadata.createtime > '2020-01-01'", ["Q-2"]),
        ("select DOCNUMBER from Invoice where totalamt >= '400' order by totalamt desc", ["Q-5", "Q-4"]),
        ("select * from Invoice where customerref.VALUE > '' and docnumber = 'Q-1' orderby TXNDATE", ["Q-1"]),
    ],
)  # fmt: skip
def test_statements(books: Books, statement: str, found: list[str]) -> None:
    assert [row["DocNumber"] for row in books.query(statement)] == found


def test_quotes_are_escaped_with_a_backslash(books: Books) -> None:
    [row] = books.query("select * from Vendor where DisplayName = 'O\\'Brien & Sons 🏗'")
    assert row["DisplayName"] == "O'Brien & Sons 🏗"


def test_posted_as_text(books: Books) -> None:
    answer = books.request(
        "POST", "query", data="select count(*) from Invoice", headers={"Content-Type": "application/text"}
    )
    assert answer.json()["QueryResponse"] == {"totalCount": 5}


def test_nothing_found_is_an_empty_object(books: Books) -> None:
    answer = books.request("GET", "query", params={"query": "select * from Bill"})
    assert answer.json()["QueryResponse"] == {}


def test_by_customer_and_by_moment(books: Books) -> None:
    customer = books.id("Customer", "Harbor Point Builders")
    by_customer = f"select * from Invoice where CustomerRef = '{customer}'"  # noqa: S608  the vendor's language
    assert len(books.query(by_customer)) == 5
    assert len(books.query("select * from Invoice where MetaData.LastUpdatedTime > '2020-01-01T00:00:00-07:00'")) == 5
    assert books.query("select * from Invoice where MetaData.CreateTime > '2999-01-01'") == []


def test_moments_of_long_ago_lie_before_those_of_today(books: Books) -> None:
    since = "select * from Invoice where MetaData.CreateTime > '0999-01-01T00:00:00+14:00'"
    assert books.query(since) == books.query("select * from Invoice")


def test_inactive_names_are_hidden_until_asked_for(books: Books) -> None:
    made = books.post("class", {"Name": "Gone"})
    books.post("class", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Active": False})
    assert books.query("select * from Class where Name like 'Gone%'") == []
    [row] = books.query("select * from Class where Name like 'Gone%' and Active in (true, false)")
    assert row["Name"] == "Gone (deleted)"


def test_company_and_preferences_can_be_queried(books: Books) -> None:
    assert books.query("select * from CompanyInfo")[0]["Country"] == "US"
    assert books.query("select * from Preferences")[0]["SalesFormsPrefs"]["CustomTxnNumbers"] is True


@pytest.mark.parametrize(
    ("statement", "code", "words"),
    [
        ("select * from Custmoer", "4001", "invalid context declaration: Custmoer"),
        ("select * from Invoice where Nonsense = '1'", "4001", "Property Nonsense not found for Entity Invoice"),
        ("select * from Invoice where PrivateNote = 'x'", "4001", "property 'PrivateNote' is not queryable"),
        ("select * from Invoice STARTPOSITION 0", "4001", "value 0 is too small. Min allowed value is 1"),
        (
            "select * from Vendor where DisplayName = 'O'Neil'",
            "4000",
            'Encountered " <IDENTIFIER> "Neil "" at line 1, column 45',
        ),
        ("select * from Vendor where DisplayName = 'Neil", "4000", "Lexical error at line 1, column 42"),
        ("select * from Vendor where DisplayName = ('Neil')", "4000", 'Encountered " "(" "( "" at line 1, column 42'),
        (
            "select * from Vendor where 'Neil' = DisplayName",
            "4000",
            'Encountered " <STRING> "\'Neil\' "" at line 1, column 28',
        ),
        ("select * Vendor", "4000", 'Encountered " <IDENTIFIER> "Vendor "" at line 1, column 10'),
        ("select * from ", "4000", 'Encountered "<EOF>" at line 1, column 14'),
        ("select * from Invoice where DocNumber = '1' or DocNumber = '2'", "4000", "Encountered"),
        ("drop table documents", "4000", "Encountered"),
        ("select * from Invoice; delete from documents", "4001", "invalid context declaration: Invoice;"),
        ("select * from Invoice where DocNumber", "4000", "<EOF>"),
        ("", "4000", "<EOF>"),
        ("select * from Invoice where not DocNumber = '1'", "4000", "Encountered"),
        ("select * from Invoice where (DocNumber = '1')", "4000", "Encountered"),
        ("select * from Invoice where DocNumber = null", "4000", "Encountered"),
        ('select * from Invoice where DocNumber = "1"', "4000", "Encountered"),
        ("select * from Invoice where Id > '5'", "4001", "not supported for Id"),
        ("select * from Invoice where Id like '5%'", "4001", "not supported for Id"),
        ("select * from Invoice where DepartmentRef = '1'", "4001", "property 'DepartmentRef' is not queryable"),
        ("select * from Deposit where TotalAmt > '1'", "4001", "property 'TotalAmt' is not queryable"),
        ("select * from Invoice where TxnDate > 'soon'", "4001", "soon is not a date"),
        ("select * from Invoice where TxnDate = true", "4001", "true is not a date"),
        ("select * from ExchangeRate where AsOfDate = 'true'", "4001", "true is not a date"),
        (
            "select * from Bill where MetaData.CreateTime > '0001-01-01T00:00:00+14:00'",
            "4001",
            "is not a date and time",
        ),
        (
            "select * from Bill where MetaData.CreateTime < '9999-12-31T23:59:59-12:00'",
            "4001",
            "is not a date and time",
        ),
        ("select * from Invoice where BillEmail..Address = 'a'", "4001", "Property BillEmail..Address not found"),
        ("select * from Invoice where CustomerRef. = 'a'", "4001", "Property CustomerRef. not found"),
        ("select * from Invoice orderby MetaData.Nonsense", "4001", "Property MetaData.Nonsense not found"),
        ("select MetaData.Nonsense from Invoice", "4001", "Property MetaData.Nonsense not found"),
        ("select Line.Amount from Invoice", "4001", "Property Line.Amount not found"),
        ("select Id, Nonsense from Invoice", "4001", "Property Nonsense not found for Entity Invoice"),
        ("select Id, BillAddr from Customer", "4001", "Property BillAddr not found for Entity Customer"),
    ],
)
def test_refused_statements(books: Books, statement: str, code: str, words: str) -> None:
    answer = books.request("POST", "query", data=statement.encode(), headers={"Content-Type": "application/text"})
    error = answer.json()["Fault"]["Error"][0]
    assert (answer.status_code, error["code"]) == (400, code)
    assert words in error["Detail"]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("MetaData.CreateTime", {"MetaData": ["CreateTime"]}),
        ("metadata.lastupdatedtime, Metadata.CreateTime", {"MetaData": ["LastUpdatedTime", "CreateTime"]}),
        ("MetaData, MetaData.CreateTime", {"MetaData": ["CreateTime", "LastUpdatedTime"]}),
        ("MetaData.CreateTime, MetaData", {"MetaData": ["CreateTime", "LastUpdatedTime"]}),
        ("CustomerRef.name", {"CustomerRef": ["value", "name"]}),
        ("BillEmail.Address", {}),
    ],
)
def test_inner_properties_come_within_their_objects(books: Books, asked: str, shown: dict[str, list[str]]) -> None:
    rows = books.query(f"select {asked} from Invoice")  # noqa: S608  the vendor's language, on a sandbox
    found = [{name: list(value) for name, value in row.items() if name not in ("domain", "sparse")} for row in rows]
    assert found == [shown] * 5


LONG = [
    ("where DocNumber in ({})", ",".join(f"'{n}'" for n in range(10_001)), "more than 10,000 values"),
    ("where {}", " and ".join("DocNumber > '1'" for _ in range(1500)), "more than 200 conditions"),
    ("where AsOfDate in ({})", ",".join(f"'{date.fromordinal(700_000 + n)}'" for n in range(1001)), "1,000 days"),
    ("where DocNumber like '{}'", "x" * 60_000, "too long"),
    ("where DocNumber = '{}'", "x" * 600_000, "longer than 500,000"),
]


@pytest.mark.parametrize(("where", "long", "words"), LONG, ids=[words for _, _, words in LONG])
def test_statements_may_be_long_but_not_endless(books: Books, where: str, long: str, words: str) -> None:
    entity = "ExchangeRate" if "AsOfDate" in where else "Invoice"
    text = f"select * from {entity} {where.format(long)}"  # noqa: S608  the vendor's language, on a sandbox
    answer = books.request("POST", "query", data=text.encode(), headers={"Content-Type": "application/text"})
    error = answer.json()["Fault"]["Error"][0]
    assert (answer.status_code, error["code"]) == (400, "4001")
    assert words in error["Detail"]


def test_long_names_are_not_remembered() -> None:
    assert spelled("Invoice", "docnumber") == "DocNumber"
    with pytest.raises(ServiceFault, match="x not found for Entity Invoice"):
        spelled("Invoice", "x" * 201)


def test_rows_may_be_put_in_order_by_anything_any_number_of_times(books: Books) -> None:
    order = ", ".join(["TotalAmt desc", *["DocNumber"] * 3000])
    found = books.request("POST", "query", data=f"select * from Invoice order by {order}".encode())  # noqa: S608  the vendor's language, on a sandbox
    assert [row["DocNumber"] for row in found.json()["QueryResponse"]["Invoice"]] == ["Q-5", "Q-4", "Q-3", "Q-2", "Q-1"]


@pytest.mark.parametrize("moment", ["2026-10-03", "2026-10-03T20:00:00-08:00"])
def test_a_date_may_be_asked_for_with_a_time_of_day(books: Books, moment: str) -> None:
    found = books.query(f"select Id, DocNumber from Invoice where TxnDate = '{moment}'")  # noqa: S608  the vendor's language, on a sandbox
    assert [row["DocNumber"] for row in found] == ["Q-3"]
