"""What people write in cells: amounts, dates, names. Raises ValueError with a sentence that ends in what to do."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

from rivet.money import LARGEST, ZERO, cents, share

# "-$5", "$-5" and "5-" are all written by some program.
_SIGNED = re.compile(r"(-?)(?:USD|US\$|\$)?(-?)(.*?)(?:USD|\$)?(-?)", re.IGNORECASE | re.DOTALL)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_GROUPED_BY_DOTS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", re.ASCII)
_PLAIN = re.compile(r"\d+(?:\.\d*)?|\.\d+", re.ASCII)
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}", re.ASCII)

_DATE_FORMATS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%m/%d/%Y",
    "%m/%d/%y",
    "%m-%d-%Y",
    "%d.%m.%Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%d %b %Y",
    "%d %B %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
)
#: Spreadsheets write a time behind some dates.
_MIDNIGHT = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?$")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)


def text(raw: str) -> str:
    """One line without surrounding or doubled blanks; composed, so that equal names compare equal."""
    return " ".join(unicodedata.normalize("NFC", raw).split())


def key(raw: str) -> str:
    """How two names are compared: case and blanks do not matter."""
    return text(raw).casefold()


def amount(raw: str) -> Decimal:
    """Cents from ``1234.5``, ``$1,234.50``, ``(1,234.50)``, ``-1234``, ``1.234,50``."""
    plain, sign = _unsigned(raw)
    number = Decimal(_normalized(plain, raw)) * sign
    if abs(number) > LARGEST:
        raise ValueError(f"“{_short(raw)}” is larger than Rivet can keep ({LARGEST:,.2f}). Check the amount.")
    if number != cents(number):
        raise ValueError(f"“{_short(raw)}” has more than two decimals. Round it to cents.")
    return cents(number)


def retainage(raw: str, *, of: Decimal) -> Decimal:
    """An amount, or a per cent of the line such as ``10%``. Empty means none."""
    written = text(raw)
    if not written:
        return ZERO
    if not written.endswith("%"):
        return amount(written)
    return share(of, percent=percent(written))


def percent(raw: str) -> Decimal:
    """0 to 100 from ``10``, ``10%`` or ``7.5 %``; at most six decimals."""
    written = text(raw)
    number = Decimal(_normalized(written.removesuffix("%").strip(), raw))
    if number > 100:
        raise ValueError(f"“{_short(raw)}” is more than the whole. Enter at most 100%.")
    if number != number.quantize(Decimal("0.000001")):
        raise ValueError(f"“{_short(raw)}” has more than six decimals. Round it.")
    return number


def day(raw: str) -> date:
    """A date as ``2026-10-31``, ``10/31/2026``, ``31.10.2026``, ``Oct 31, 2026`` and their like."""
    written = _MIDNIGHT.sub("", text(raw))
    if re.fullmatch(r"\d{8}", written, re.ASCII):
        written = f"{written[:4]}-{written[4:6]}-{written[6:]}"
    for pattern in _DATE_FORMATS:
        try:
            found = datetime.strptime(written, pattern).date()
        except ValueError:
            continue
        return _plausible(found, raw)
    raise ValueError(f"“{_short(raw)}” is not a date Rivet can read. Write it as 2026-10-31 or 10/31/2026.")


def number(raw: str, *, longest: int) -> str:
    """A document's number, kept as written but for blanks around it."""
    written = text(raw)
    if _SCIENTIFIC.fullmatch(written):
        raise ValueError(f"“{written}” was shortened by a spreadsheet. Format the column as text and export again.")
    return within(written, longest=longest)


def within(written: str, *, longest: int) -> str:
    if len(written) > longest:
        raise ValueError(f"“{_short(written)}” has {len(written):,} characters; at most {longest:,} fit.")
    return written


def _unsigned(raw: str) -> tuple[str, int]:
    """The digits and 1 or -1; more than one sign leaves what is no amount."""
    written = text(raw).replace("\N{MINUS SIGN}", "-").replace(" ", "")
    if written.startswith("(") and written.endswith(")"):
        return written[1:-1].removeprefix("$"), -1
    found = _SIGNED.fullmatch(written)
    if found is None or "".join(found.group(1, 2, 4)) not in ("", "-"):
        return "", 1
    return found[3], -1 if "-" in found.group(1, 2, 4) else 1


def _normalized(written: str, raw: str) -> str:
    """Digits with at most one dot. A lone comma before one or two digits is a decimal comma."""
    if len(written) <= 40:
        if _PLAIN.fullmatch(written):
            return written
        if _GROUPED.fullmatch(written):
            return written.replace(",", "")
        if _DECIMAL_COMMA.fullmatch(written):
            return written.replace(",", ".")
        if _GROUPED_BY_DOTS.fullmatch(written):
            return written.replace(".", "").replace(",", ".")
    raise ValueError(f"“{_short(raw)}” is not an amount Rivet can read. Write it as 1234.56.")


def _plausible(found: date, raw: str) -> date:
    if not 2000 <= found.year < 2100:
        raise ValueError(f"“{_short(raw)}” is in the year {found.year}. Check the year.")
    return found


def _short(raw: str) -> str:
    written = text(raw[:200])
    return written if len(written) <= 60 else f"{written[:57]}…"
