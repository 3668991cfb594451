"""The resources of the Accounting API that are lists of records, as one table."""

from sandbox.xero.document_resources import DOCUMENTS
from sandbox.xero.list_resources import LISTS
from sandbox.xero.money_resources import MONEY
from sandbox.xero.resource import Resource

RESOURCES: dict[str, Resource] = {resource.path: resource for resource in (*LISTS, *DOCUMENTS, *MONEY)}
