"""Forms that are printed or sent to the customer."""

import re
from urllib.parse import unquote

from sandbox.quickbooks.answers import inner_time
from sandbox.quickbooks.faults import ServiceFault, business
from sandbox.quickbooks.lists.names import EMAIL
from sandbox.quickbooks.transactions import links
from sandbox.quickbooks.work import Work
from sandbox.store import Record

SENT = frozenset({"Invoice", "Estimate", "CreditMemo", "SalesReceipt", "RefundReceipt"})
PRINTED = SENT | {"Payment", "PurchaseOrder"}
_UNPRINTABLE = re.compile(r"[^ -~]|[()\\]")


def send(work: Work, record: Record, to: str | None) -> None:
    """Mark the form as sent to an address, or to its own. Raises 2210, 6000."""
    address = unquote(to) if to else str((record.body.get("BillEmail") or {}).get("Address") or "")
    if not address:
        business("The transaction has no email address to be sent to.", "BillEmail")
    if not EMAIL.match(address):
        raise ServiceFault("2210", "Email Address does not conform to the RFC 822 standard.", "sendTo")
    links.relink(
        work,
        record,
        record.body.get("LinkedTxn") or [],
        EmailStatus="EmailSent",
        BillEmail={"Address": address},
        DeliveryInfo={"DeliveryType": "Email", "DeliveryTime": inner_time(work.now)},
    )
    work.noticed.append(("Emailed", record.entity, record.id))


def printed(work: Work, record: Record) -> bytes:
    """One page that names the company, the form and its total."""
    party = (record.body.get("CustomerRef") or record.body.get("VendorRef") or {}).get("name", "")
    lines = [work.company.name, f"{record.entity} {record.number or ''}", party, f"{record.body.get('TotalAmt')}"]
    drawn = " T* ".join(f"({_UNPRINTABLE.sub('?', str(line))}) Tj" for line in lines)
    stream = f"BT /F1 12 Tf 72 720 Td 16 TL {drawn} ET"
    return _pdf(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )


def _pdf(*objects: str) -> bytes:
    text, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(text))
        text += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return f"{text}{head}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(text)}\n%%EOF\n".encode()
