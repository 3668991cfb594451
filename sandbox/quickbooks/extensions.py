"""Names with values that the vendor's objects carry outside their schema, the way its Java service prints them."""

from sandbox.wire import Body

_SCHEMA = "{http://schema.intuit.com/finance/v3}"
_WRAPPING = {
    "name": f"{_SCHEMA}NameValue",
    "declaredType": "com.intuit.schema.finance.v3.NameValue",
    "scope": "javax.xml.bind.JAXBElement$GlobalScope",
}
_MARKS = {"nil": False, "globalScope": True, "typeSubstituted": False}


def extension(**values: str) -> Body:
    """What stands in a `LineEx`, a `PurchaseEx` and so on."""
    return {"any": [{**_WRAPPING, "value": {"Name": name, "Value": value}, **_MARKS} for name, value in values.items()]}
