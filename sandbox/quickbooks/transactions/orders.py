"""Papers that post nothing: estimates, purchase orders, time sheets."""

from datetime import datetime

from sandbox.quickbooks.faults import ServiceFault
from sandbox.quickbooks.kinds import Draft, Kind
from sandbox.quickbooks.money import amount, rate
from sandbox.quickbooks.transactions.purchases import PurchaseKind
from sandbox.quickbooks.transactions.sales import SalesKind
from sandbox.quickbooks.work import Work
from sandbox.wire import Body

ESTIMATE_STATES = ("Pending", "Accepted", "Closed", "Rejected")
MOST_HOURS = 8760


class EstimateKind(SalesKind):
    entity = "Estimate"
    names_bad_customer = True

    def fill(self, work: Work, draft: Draft) -> None:
        super().fill(work, draft)
        draft.lines = []
        if draft.body.setdefault("TxnStatus", "Pending") not in ESTIMATE_STATES:
            raise ServiceFault("2170", f"Invalid Enumeration : {draft.body['TxnStatus'][:40]}", "TxnStatus")

    def _totals(self, draft: Draft, total: int) -> None:
        draft.total, draft.body["TotalAmt"] = total, amount(total)
        draft.body["LinkedTxn"] = (draft.old.body.get("LinkedTxn") if draft.old else None) or []
        draft.body.setdefault("PrintStatus", "NeedToPrint")
        draft.body.setdefault("EmailStatus", "NotSet")


class PurchaseOrderKind(PurchaseKind):
    entity = "PurchaseOrder"

    def fill(self, work: Work, draft: Draft) -> None:
        super().fill(work, draft)
        draft.lines = []
        draft.body.setdefault("POStatus", "Open")

    def _totals(self, draft: Draft, total: int) -> None:
        draft.total, draft.body["TotalAmt"] = total, amount(total)
        draft.body["LinkedTxn"] = (draft.old.body.get("LinkedTxn") if draft.old else None) or []


class TimeActivityKind(Kind):
    entity = "TimeActivity"
    lengths = {"Description": 4000}
    deletable = True

    def compose(self, work: Work, draft: Draft) -> None:
        body = draft.body
        draft.txn_date = body["TxnDate"] = body.get("TxnDate") or work.today
        draft.party = self._worker(work, body)
        self._billing(work, body)
        if body.get("ItemRef"):
            work.resolve("Item", body["ItemRef"], element="ItemRef")
        _check_time(body)

    def _worker(self, work: Work, body: Body) -> str:
        kind = body.get("NameOf")
        if kind not in ("Employee", "Vendor"):
            raise ServiceFault("6300", f"NameOf should be Employee or Vendor. Supplied value:{kind or ''}", "NameOf")
        given = [name for name in ("EmployeeRef", "VendorRef") if body.get(name)]
        if given != [f"{kind}Ref"]:
            raise ServiceFault("6290", f"Specify either an employee or a vendor, as NameOf says: {kind}", f"{kind}Ref")
        return f"{kind}:{work.resolve(kind, body[f'{kind}Ref'], element=f'{kind}Ref').id}"

    def _billing(self, work: Work, body: Body) -> None:
        if body.get("CustomerRef"):
            work.resolve("Customer", body["CustomerRef"], element="CustomerRef")
        status = body.setdefault("BillableStatus", "NotBillable")
        if status == "HasBeenBilled":
            raise ServiceFault("2170", "Invalid Enumeration : HAS_BEEN_BILLED", "BillableStatus")
        if body.get("HourlyRate") is not None:
            body["HourlyRate"] = rate(body["HourlyRate"])
        if status == "NotBillable":
            return
        if not body.get("CustomerRef"):
            raise ServiceFault("6310", "A customer is required on a billable line", "CustomerRef")
        if (body.get("HourlyRate") or 0) <= 0:
            raise ServiceFault("6330", f"Invalid hourly rate: {body.get('HourlyRate') or 0}", "HourlyRate")


def _check_time(body: Body) -> None:
    """A duration or a start and an end, never both; raises 6340 to 6390."""
    spans = [name for name in ("StartTime", "EndTime") if body.get(name)]
    duration = [name for name in ("Hours", "Minutes") if body.get(name) is not None]
    # Clients that read a time sheet and send it back repeat zeros.
    if spans and any(body[name] for name in duration):
        raise ServiceFault("6390", "Specify a total elapsed time (hours:minutes) or the start and end time")
    if not spans and not duration:
        raise ServiceFault("6350", "Time (hours:minutes) is missing", "Hours")
    if spans:
        _check_span(body, spans)
        return
    hours, minutes = body.get("Hours") or 0, body.get("Minutes") or 0
    if hours < 0 or not 0 <= minutes < 60:
        raise ServiceFault("6340", f"Specify a time (hours:minutes): {hours}:{minutes}", "Minutes")
    if not 0 < hours * 60 + minutes <= MOST_HOURS * 60:
        raise ServiceFault("6380", f"The time duration is not within the valid range: {hours}:{minutes}", "Hours")


def _check_span(body: Body, given: list[str]) -> None:
    if len(given) < 2:
        raise ServiceFault("6360", "Enter a valid start and end time", given[0])
    start, end = (datetime.fromisoformat(body[name]) for name in ("StartTime", "EndTime"))
    if start > end:
        raise ServiceFault("6370", f"The start time is after end time: {body['StartTime']}", "StartTime")
    pause = 60 * (body.get("BreakHours") or 0) + (body.get("BreakMinutes") or 0)
    if pause * 60 > (end - start).total_seconds():
        raise ServiceFault("6360", "Break times cannot be longer than the elapsed time", "BreakHours")
