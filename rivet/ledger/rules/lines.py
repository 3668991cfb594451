"""What holds for the lines of a bill or of an invoice without contract, however they came in."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rivet.money import LARGEST, ZERO


class LineError(ValueError):
    """A sentence for the person who entered the lines."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LineValues:
    """One line as entered: ``amount`` gross (work or cost), ``retainage`` withheld from it, both signed cents."""

    description: str
    amount: Decimal
    retainage: Decimal = ZERO
    tag: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    gross: Decimal
    retainage: Decimal

    @property
    def net(self) -> Decimal:
        return self.gross - self.retainage


def check_line(line: LineValues) -> None:
    """Retainage is a part of the amount and has its sign; a line that is too large does not fit its column."""
    if max(abs(line.amount), abs(line.retainage)) > LARGEST:
        raise LineError(f"“{line.description}” is larger than Rivet can keep ({LARGEST:,.2f}). Check the amount.")
    if abs(line.retainage) > abs(line.amount) or line.retainage * line.amount < 0:
        raise LineError(
            f"“{line.description}” withholds {line.retainage:,.2f} from {line.amount:,.2f}. "
            "Retainage is a part of the amount: enter one between zero and the amount."
        )


def total(lines: Sequence[LineValues], *, noun: str) -> Totals:
    """The totals of a document; ``noun`` names it in a refusal. Raises LineError."""
    if not lines:
        raise LineError("There is no line. Add at least one with a description and an amount.")
    gross = sum((line.amount for line in lines), ZERO)
    retainage = sum((line.retainage for line in lines), ZERO)
    return check_totals(Totals(gross=gross, retainage=retainage), noun=noun)


def check_totals(totals: Totals, *, noun: str) -> Totals:
    """``totals`` when a document may have them. Raises LineError."""
    if max(abs(totals.gross), abs(totals.retainage), abs(totals.net)) > LARGEST:
        raise LineError(f"The total is larger than Rivet can keep ({LARGEST:,.2f}). Check the amounts.")
    if totals.net < 0:
        raise LineError(
            f"The total is {totals.net:,.2f}. {noun} cannot be less than zero: "
            "check the signs, or ask for a credit instead."
        )
    return totals
