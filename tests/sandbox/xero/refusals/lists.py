"""What contacts, accounts, items, groups, tracking and tax rates are refused for."""

from tests.sandbox.xero.browser import invoice
from tests.sandbox.xero.refusals.ground import NOBODY, Case, payment

IN_USE = "The account is in use or is a system account and cannot be deleted"
TRACKED = "The tracking category or option is in use and can only be archived"
ONE_ACCOUNT = "Only one element of Accounts can be sent in one request."
ONE_RATE = ONE_ACCOUNT.replace("Accounts", "TaxRates")
PEOPLE = [{"FirstName": "Bob"}] * 6

LISTS: list[Case] = [
    (
        "POST",
        "Contacts",
        {"ContactNumber": "C-9", "Name": "New name"},
        "The specified contact details matched an archived contact. Archived contacts cannot currently be "
        "edited via the API.",
    ),
    (
        "PUT",
        "Contacts",
        {"Name": "taken"},
        "The contact name taken is already assigned to another contact. The contact name must be unique "
        "across all active contacts.",
    ),
    (
        "PUT",
        "Contacts",
        {"Name": "Other", "ContactNumber": "C-9"},
        "Another contact has this contact number. Please enter a different contact number.",
    ),
    (
        "PUT",
        "Contacts",
        {"Name": "Other", "AccountNumber": "A-1"},
        "The Account Number already exists. Please enter a different Account Number",
    ),
    ("PUT", "Contacts", {"Name": "Other", "EmailAddress": "a@b.example, c@d.example"}, "Email address must be valid."),
    ("PUT", "Contacts", {"Name": "Other", "EmailAddress": "jürgen@b.example"}, "Email address must be valid."),
    ("PUT", "Contacts", {"Name": "Other", "Website": "nowhere"}, "Website must be valid"),
    (
        "PUT",
        "Contacts",
        {"Name": "Other", "ContactPersons": [{"FirstName": "Bob"}]},
        "Additional people cannot be added when the primary person has no email address set",
    ),
    ("PUT", "Accounts", {"Name": "rounding", "Code": "861", "Type": "CURRLIAB"}, "Please enter a unique Name."),
    ("PUT", "Accounts", {"Name": "Unheard of", "Code": "200", "Type": "REVENUE"}, "Please enter a unique Code."),
    ("PUT", "Items", {"Code": "WALL"}, "Price List Item with Code 'WALL' already exists"),
    (
        "PUT",
        "TrackingCategories",
        {"Name": "Third"},
        "The organisation already has the maximum number of active tracking categories (2)",
    ),
    (
        "PUT",
        "Contacts",
        {"Name": "n" * 256},
        "The field Name must be 255 characters or fewer.",
    ),
    ("PUT", "Contacts", {"EmailAddress": "a@b.example"}, "The contact name must be specified."),
    ("PUT", "Contacts", {"Name": "A <b> C"}, "The contact name cannot contain angle brackets."),
    (
        "PUT",
        "Contacts",
        {"Name": "Other", "EmailAddress": "a@b.example", "ContactPersons": PEOPLE},
        "A contact can have at most 5 contact persons",
    ),
    ("POST", "Accounts/@account-610", {"Status": "ARCHIVED"}, IN_USE),
    ("DELETE", "Accounts/@account-610", {}, IN_USE),
    ("DELETE", "Accounts/@account-200", {}, IN_USE),
    ("PUT", "Accounts", {"Accounts": [{"Name": "A"}, {"Name": "B"}]}, ONE_ACCOUNT),
    ("PUT", "TaxRates", {"TaxRates": [{"Name": "A"}, {"Name": "B"}]}, ONE_RATE),
    ("PUT", "Accounts", {"Name": "Codeless", "Type": "REVENUE"}, "Please enter a Code."),
    ("PUT", "Accounts", {"Name": "Typeless", "Code": "999"}, "An account TYPE must be given."),
    (
        "PUT",
        "Accounts",
        {"Name": "Taxed", "Code": "998", "Type": "REVENUE", "TaxType": "NONSENSE"},
        "Tax rate must be valid.",
    ),
    (
        "PUT",
        "Accounts",
        {"Name": "Long", "Code": "12345678901", "Type": "REVENUE"},
        "The field Code must be 10 characters or fewer.",
    ),
    ("PUT", "Items", {"Name": "Codeless"}, "Price List Item Code must be supplied"),
    (
        "PUT",
        "Items",
        {"Code": "NEW", "SalesDetails": {"AccountCode": "325"}},
        "Account code '325' is not a valid code for this document.",
    ),
    (
        "POST",
        "TrackingCategories/@department",
        {"Name": "Job"},
        "A tracking category with the same name already exists",
    ),
    (
        "PUT",
        "TrackingCategories/@department/Options",
        {"Options": [{"Name": "commercial"}]},
        "A tracking option with the same name already exists",
    ),
    ("PUT", "TrackingCategories/@department/Options", {"Options": [{"Name": " "}]}, "Name must be specified"),
    (
        "POST",
        "TrackingCategories/@department/Options/@commercial",
        {"Name": "n" * 101},
        "The field Name must be 100 characters or fewer.",
    ),
    ("DELETE", "TrackingCategories/@department", {}, TRACKED),
    ("DELETE", "TrackingCategories/@department/Options/@commercial", {}, TRACKED),
    ("POST", "ContactGroups", {"ContactGroupID": NOBODY, "Name": "x"}, "Contact group could not be found"),
    ("PUT", "ContactGroups", {"Name": ""}, "Contact group name must be specified"),
    ("PUT", "ContactGroups", {"Name": "crews"}, "A contact group with the same name already exists"),
    (
        "PUT",
        "ContactGroups/@group/Contacts",
        {"Contacts": [{"ContactID": NOBODY}]},
        "The contact could not be found",
    ),
    (
        "PUT",
        "TaxRates",
        {"Name": "", "TaxComponents": [{"Name": "a", "Rate": 1}]},
        "Please enter a unique Name for the tax rate.",
    ),
    ("PUT", "TaxRates", {"Name": "Nothing"}, "At least one tax component must be specified"),
    ("POST", "TaxRates", {"TaxType": "NONE", "Status": "DELETED"}, "System tax rates cannot be changed"),
    ("PUT", "Currencies", {"Code": "XXX"}, "Organisation is not subscribed to currency XXX"),
]

FULL: list[Case] = [
    (
        "PUT",
        "TrackingCategories",
        {"Name": "Fifth"},
        "The organisation already has the maximum number of tracking categories (4)",
    ),
    ("PUT", "ContactGroups", {"Name": "One more"}, "You've reached the limit of 100 contact groups."),
    ("PUT", "Invoices", invoice("MORE"), "You have reached the limit of invoices you can approve"),
    ("PUT", "Invoices", invoice("B", kind="ACCPAY"), "You have reached the limit of invoices you can approve"),
    ("PUT", "Payments", payment("OWED"), "Payments cannot be made with the current plan of this organisation"),
]
