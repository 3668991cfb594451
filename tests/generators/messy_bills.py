"""A file of bills as an old accounting program exports it after years of different hands, from a seed.

It shares nothing with the importer: what each row was meant to be, and whether it can be imported, is kept beside the
text it was written as, so that tests can add up the good ones by themselves.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

COLUMNS = ("Bill No.", "Vendor", "Project", "Bill Date", "Due Date", "Memo", "Description", "Amount", "Retainage")
VENDORS = (
    "Blue Ridge Drywall",
    "Summit Electric Supply",
    "Redwood Crane Rental",
    "O'Neil Plumbing",
    "Valley Concrete",
    "Müller & Söhne Kabelbau",
    "Ace \N{HIGH VOLTAGE SIGN} Electric",
)
WORK = (
    "Rough-in",
    "Cable, 500 MCM",
    'Conduit 2" EMT',
    "Señal de salida",
    "Crane, one day",
    "Pads\nand trench",
    "Misc.",
)
CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class MessyLine:
    description: str
    amount: Decimal
    retainage: Decimal


@dataclass(frozen=True, kw_only=True)
class MessyBill:
    """A bill that can be imported, as it was meant. ``is_closed`` says its date lies in the closed period."""

    number: str
    vendor: str
    bill_date: date
    is_closed: bool
    lines: tuple[MessyLine, ...]

    @property
    def gross(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal("0.00"))

    @property
    def retainage(self) -> Decimal:
        return sum((line.retainage for line in self.lines), Decimal("0.00"))


@dataclass(frozen=True, kw_only=True)
class MessyFile:
    content: bytes
    #: What should be imported; ``bad_rows`` is how many rows should not.
    bills: tuple[MessyBill, ...]
    bad_rows: int
    vendors: Sequence[str] = VENDORS


@dataclass
class _Sheet:
    rows: list[list[str]] = field(default_factory=list)
    bills: list[MessyBill] = field(default_factory=list)
    bad_rows: int = 0


def messy_bills(
    seed: int, *, rows: int = 200, today: date, closed_until: date, projects: Sequence[str] = ()
) -> MessyFile:
    """``rows`` data rows; the same seed gives the same bytes."""
    random, sheet = Random(seed), _Sheet()
    for number in _numbers(random):
        left = rows - len(sheet.rows)
        if left <= 0:
            break
        if random.random() < 0.12:
            _add_bad(sheet, random, number, today)
        else:
            _add_good(sheet, random, number, today, closed_until, projects, most_lines=left)
    return MessyFile(content=_written(sheet.rows[:rows]), bills=tuple(sheet.bills), bad_rows=sheet.bad_rows)


def vendors_file() -> bytes:
    """The vendors the bills name, to be imported first."""
    return ("name\n" + "".join(f"{_quoted(name)}\n" for name in VENDORS)).encode()


def _numbers(random: Random) -> Iterator[str]:
    """Short, long, with leading zeros, longer than QuickBooks takes; every one different."""
    for index in range(10_000):
        yield random.choice(
            (f"{1000 + index}", f"000{index}", f"INV-2026/{index:04}", f"PO 4471-{index} REV B / DELIVERY {index:06}")
        )


def _add_good(
    sheet: _Sheet,
    random: Random,
    number: str,
    today: date,
    closed_until: date,
    projects: Sequence[str],
    *,
    most_lines: int,
) -> None:
    is_closed = random.random() < 0.08
    day = (closed_until if is_closed else today) - timedelta(days=random.randrange(0, 20))
    vendor, project = random.choice(VENDORS), random.choice(projects) if projects and random.random() < 0.6 else ""
    lines = [_line(random, index) for index in range(min(random.choice((1, 1, 1, 2, 3)), most_lines))]
    bill = MessyBill(
        number=number,
        vendor=vendor,
        bill_date=day,
        is_closed=day <= closed_until,
        lines=tuple(line for line, _ in lines),
    )
    memo = random.choice(("", "", "Net 30", "see attached \N{PAPERCLIP}", "first line\nsecond line"))
    due = _date(random, day + timedelta(days=30)) if random.random() < 0.7 else ""
    for index, (line, retainage) in enumerate(lines):
        head = [_date(random, day), due, memo] if index == 0 else ["", "", ""]
        sheet.rows.append(
            [
                _untidy(random, number),
                _untidy(random, vendor),
                project if index == 0 else "",
                *head,
                line.description,
                _amount(random, line.amount),
                retainage,
            ]
        )
    sheet.bills.append(bill)


def _line(random: Random, index: int) -> tuple[MessyLine, str]:
    amount = Decimal(random.randrange(1_000, 4_000_000)) / 100
    description = f"{random.choice(WORK)} {index + 1}"
    kind = random.random()
    if kind < 0.5:
        return MessyLine(description=description, amount=amount, retainage=Decimal("0.00")), ""
    withheld = (amount * Decimal("0.1")).quantize(CENT, rounding=ROUND_HALF_UP)
    written = "10%" if kind < 0.8 else f"{withheld}"
    return MessyLine(description=description, amount=amount, retainage=withheld), written


def _add_bad(sheet: _Sheet, random: Random, number: str, today: date) -> None:
    good = [number, VENDORS[0], "", today.isoformat(), "", "", "Work", "100.00", ""]
    spoil = random.randrange(7)
    if spoil == 0:
        good[1] = ""
    elif spoil == 1:
        good[1] = "Nobody We Know"
    elif spoil == 2:
        good[7] = random.choice(("ten", "1.2.3", "12.345"))
    elif spoil == 3:
        good[7] = "(100.00)"
    elif spoil == 4:
        good[3] = random.choice(("13/13/2026", "soon", ""))
    elif spoil == 5:
        good[8] = "100.01"
    else:
        good[0] = "4.4713E+11"
    sheet.rows.append(good)
    sheet.bad_rows += 1


def _untidy(random: Random, written: str) -> str:
    return random.choice((written, written, f"{written} ", f"  {written}", written.replace(" ", "  ")))


def _date(random: Random, day: date) -> str:
    formats = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d.%m.%Y", "%b %d, %Y")
    return day.strftime(random.choice(formats))


def _amount(random: Random, amount: Decimal) -> str:
    return random.choice((f"{amount}", f"${amount:,.2f}", f"{amount:,.2f}", f" {amount} ", f"USD {amount}"))


def _quoted(name: str) -> str:
    return f'"{name}"'


def _written(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()
