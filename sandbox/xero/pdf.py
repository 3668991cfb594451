"""One page of text as a PDF: what a document looks like to whoever asks for `application/pdf`."""

from sandbox.wire import Body

PLURALS = ("Invoices", "CreditNotes", "PurchaseOrders", "Quotes")
_TOP, _LEADING, _LAST_LINE = 780, 16, 45


def document_pdf(plural: str, shown: Body) -> bytes:
    """The page of one document as the API shows it."""
    number = next((shown[name] for name in _NUMBERS if shown.get(name)), "")
    head = [f"{plural[:-1]} {number}", shown.get("Contact", {}).get("Name", ""), shown["DateString"][:10], ""]
    lines = [f"{line.get('Description', '')}   {line.get('LineAmount', '')}" for line in shown["LineItems"]]
    return text_pdf([*head, *lines, "", f"Total {shown['CurrencyCode']} {shown['Total']}"])


_NUMBERS = ("InvoiceNumber", "CreditNoteNumber", "PurchaseOrderNumber", "QuoteNumber")


def text_pdf(lines: list[str]) -> bytes:
    """A valid PDF of one A4 page with a line of text for each of `lines`; what does not fit is left out."""
    shown = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines[:_LAST_LINE])
    stream = f"BT /F1 11 Tf {_LEADING} TL 50 {_TOP} Td\n{shown}ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    return _assembled(objects)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").replace("\n", " ")


def _assembled(objects: list[bytes]) -> bytes:
    """The objects with their table of offsets, which readers look up from the end."""
    found, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(found))
        found += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(found))
    return found + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer
