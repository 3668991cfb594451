"""Northside's jobs, contracts, bills and invoices: drafts, ready to approve."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal as D

from rivet import clock
from rivet.ledger import drafts
from rivet.ledger.applications import PeriodWork
from rivet.ledger.contracts import SovValues, write_contract
from rivet.ledger.models import Bill, Contract, Customer, Invoice, Project, RetainageTerms, Vendor
from rivet.ledger.models.contracts import Side
from rivet.ledger.parties import write_party, write_project
from rivet.ledger.rules.lines import LineValues
from rivet.ledger.rules.terms import ReductionRule
from rivet.money import share
from rivet.tenants.models import Tenant

#: The first three stand in the sandbox's books too, so that linking has something to find.
CUSTOMERS = (
    ("Harbor Point Builders", "ap@harborpoint.example", "Baltimore", "MD"),
    ("Meridian General Contractors", "pay@meridian.example", "Richmond", "VA"),
    ("Northgate School District", "facilities@northgate.example", "Towson", "MD"),
    ("Tidewater Medical Center", "accounts@tidewater.example", "Norfolk", "VA"),
)
VENDORS = (
    ("Summit Electric Supply", "billing@summit.example", "Baltimore", "MD"),
    ("Redwood Crane Rental", "office@redwoodcrane.example", "Dundalk", "MD"),
    ("Valley Concrete", "office@valleyconcrete.example", "Frederick", "MD"),
    ("Chesapeake Low Voltage", "hello@chesapeakelv.example", "Annapolis", "MD"),
    ("Beacon Fire Alarm", "invoices@beaconfire.example", "Columbia", "MD"),
)
PROJECTS = (
    ("N-2401", "Pier 7 Fit-out", 0),
    ("N-2404", "City Hall Annex", 1),
    ("N-2407", "Elementary School No. 12", 2),
    ("N-2409", "Imaging Suite", 3),
)


@dataclass(frozen=True, kw_only=True)
class BillPlan:
    number: str
    vendor: int
    project: int
    days_ago: int
    lines: tuple[tuple[str, str, str], ...]
    memo: str = ""


BILLS = (
    BillPlan(
        number="SES-88213", vendor=0, project=0, days_ago=24, lines=(("Panelboards and breakers", "18460.00", ""),)
    ),
    BillPlan(
        number="SES-88291",
        vendor=0,
        project=1,
        days_ago=17,
        lines=(("Feeder cable, 500 MCM", "9275.40", ""), ("Freight", "310.00", "")),
    ),
    BillPlan(
        number="SES-88340",
        vendor=0,
        project=2,
        days_ago=6,
        lines=(("LED troffers, 2x4", "14118.75", ""), ("Returned ballasts", "-642.50", "")),
    ),
    BillPlan(
        number="1174",
        vendor=1,
        project=0,
        days_ago=20,
        lines=(("Crane, two days", "5200.00", ""), ("Rigger", "1140.00", "")),
    ),
    BillPlan(number="1180", vendor=1, project=3, days_ago=4, lines=(("Crane, one day", "2600.00", ""),)),
    BillPlan(
        number="VC-3051",
        vendor=2,
        project=1,
        days_ago=15,
        lines=(("Equipment pads", "25000.00", "10"),),
        memo="Subcontract 2404-02, application 1",
    ),
    BillPlan(number="VC-3066", vendor=2, project=1, days_ago=3, lines=(("Duct bank encasement", "12840.00", "10"),)),
    BillPlan(
        number="CLV-501",
        vendor=3,
        project=2,
        days_ago=12,
        lines=(("Data cabling, first floor", "16200.00", "5"), ("Racks", "3480.00", "5")),
    ),
    BillPlan(number="CLV-507", vendor=3, project=3, days_ago=2, lines=(("Nurse call rough-in", "8900.00", "5"),)),
    BillPlan(number="BFA-2026-019", vendor=4, project=2, days_ago=9, lines=(("Fire alarm devices", "11375.00", "10"),)),
)


@dataclass(frozen=True, kw_only=True)
class ContractPlan:
    title: str
    project: int
    rate: str
    lines: tuple[tuple[str, str, str], ...]
    #: Completed this period per line, for each application in order, as a share of the line.
    applications: tuple[tuple[str, ...], ...]
    reduced: str = ""


CONTRACTS = (
    ContractPlan(
        title="Electrical, Pier 7",
        project=0,
        rate="10",
        lines=(
            ("Mobilization", "12000.00", ""),
            ("Rough-in", "72000.00", ""),
            ("Switchgear", "36000.00", ""),
            ("Added dock lighting", "15000.00", "CO-01"),
            ("Deleted canopy fixtures", "-4000.00", "CO-02"),
        ),
        applications=(("100", "25", "0", "0", "0"), ("0", "40", "50", "60", "100")),
    ),
    ContractPlan(
        title="Electrical, City Hall Annex",
        project=1,
        rate="10",
        reduced="5",
        lines=(
            ("General conditions", "18500.00", ""),
            ("Distribution", "96400.00", ""),
            ("Lighting", "58250.00", ""),
            ("Fire alarm", "27800.00", ""),
        ),
        applications=(("35", "30", "0", "0"),),
    ),
    ContractPlan(
        title="Low voltage and power, Imaging Suite",
        project=3,
        rate="7.5",
        lines=(("Power conditioning", "44175.50", ""), ("Shielded room feeds", "21640.25", "")),
        applications=(("20", "0"),),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Papers:
    """Whatever is written refers to these by position."""

    tenant: Tenant
    today: date
    vendors: tuple[Vendor, ...]
    projects: tuple[Project, ...]


def write(tenant: Tenant) -> None:
    """Everything, for the tenant being served; drafts only, so that nothing was approved behind anyone's back."""
    customers = [_party(Customer, tenant, *row) for row in CUSTOMERS]
    papers = Papers(
        tenant=tenant,
        today=clock.now().date(),
        vendors=tuple(_party(Vendor, tenant, *row) for row in VENDORS),
        projects=tuple(_project(tenant, number, name, customers[owner]) for number, name, owner in PROJECTS),
    )
    for bill in BILLS:
        _bill(papers, bill)
    for contract in CONTRACTS:
        _contract(papers, contract)


def _party[P: (Customer, Vendor)](model: type[P], tenant: Tenant, name: str, email: str, city: str, state: str) -> P:
    party = model(tenant=tenant, name=name, email=email, city=city, state=state, country="US")
    write_party(party, actor=None)
    return party


def _project(tenant: Tenant, number: str, name: str, customer: Customer) -> Project:
    project = Project(tenant=tenant, number=number, name=name, customer=customer)
    write_project(project, actor=None)
    return project


def _bill(papers: Papers, plan: BillPlan) -> Bill:
    day = papers.today - timedelta(days=plan.days_ago)
    bill = Bill(
        tenant=papers.tenant,
        vendor=papers.vendors[plan.vendor],
        project=papers.projects[plan.project],
        number=plan.number,
        bill_date=day,
        due_date=day + timedelta(days=30),
        currency=papers.tenant.currency,
        memo=plan.memo,
    )
    lines = [
        LineValues(description=text, amount=D(amount), retainage=share(D(amount), percent=D(rate or "0")))
        for text, amount, rate in plan.lines
    ]
    return drafts.write_bill(bill, lines=lines, actor=None)


def _contract(papers: Papers, plan: ContractPlan) -> Contract:
    project = papers.projects[plan.project]
    contract = Contract(
        tenant=papers.tenant,
        side=Side.RECEIVABLE.value,
        customer=project.customer,
        project=project,
        title=plan.title,
    )
    lines = [SovValues(description=text, value=D(value), change_order=order) for text, value, order in plan.lines]
    write_contract(contract, terms=_terms(plan), lines=lines, actor=None)
    for number, shares in enumerate(plan.applications, start=1):
        months_left = len(plan.applications) - number
        _application(papers, contract, number, shares, day=papers.today - timedelta(days=5 + 30 * months_left))
    return contract


def _terms(plan: ContractPlan) -> RetainageTerms:
    terms = RetainageTerms(work_rate=D(plan.rate), stored_rate=D(plan.rate))
    if plan.reduced:
        terms.rule, terms.threshold = ReductionRule.PROSPECTIVE.value, D(50)
        terms.reduced_rate = D(plan.reduced)
    return terms


def _application(papers: Papers, contract: Contract, number: int, shares: tuple[str, ...], *, day: date) -> Invoice:
    lines = contract.lines.order_by("position")
    entered = {
        line.pk: PeriodWork(this_period=share(line.value, percent=D(part)))
        for line, part in zip(lines, shares, strict=True)
    }
    invoice = Invoice(
        tenant=papers.tenant,
        customer=contract.customer,
        project=contract.project,
        contract=contract,
        application_number=number,
        number=f"{contract.project.number}-PA{number}",
        invoice_date=day,
        period_end_date=day,
        due_date=day + timedelta(days=30),
        currency=papers.tenant.currency,
    )
    return drafts.write_application(invoice, entered=entered, actor=None)
