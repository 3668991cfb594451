"""The operations of xero-python by name, each with a call that uses it."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

from xero_python import accounting as xero

from tests.sandbox.xero.sdk_ground import DAY, Ground

Operation = Callable[[Ground], object]


def call(name: str, *of: str, **options: object) -> Operation:
    """The operation with the ids of what the ground holds."""
    return lambda ground: ground.call(name, *(ground.ids[key] for key in of), **options)


def history() -> xero.HistoryRecords:
    return xero.HistoryRecords(history_records=[xero.HistoryRecord(details="Sent by the job")])


OPERATIONS: dict[str, Operation] = {}

LISTS = [
    "account",
    "contact",
    "invoice",
    "credit_note",
    "payment",
    "batch_payment",
    "manual_journal",
    "purchase_order",
    "bank_transaction",
    "bank_transfer",
    "quote",
    "prepayment",
    "overpayment",
    "contact_group",
    "item",
    "linked_transaction",
]
for entity in LISTS:
    OPERATIONS[f"get_{entity}"] = call(f"get_{entity}", entity)
    OPERATIONS[f"get_{entity}s"] = call(f"get_{entity}s")

# Parent, and the names of the two calls about its history, which the library spells in three ways.
HISTORIES = {
    "bank_transaction": ("create_bank_transaction_history_record", "get_bank_transactions_history"),
    "bank_transfer": ("create_bank_transfer_history_record", "get_bank_transfer_history"),
    "batch_payment": ("create_batch_payment_history_record", "get_batch_payment_history"),
    "manual_journal": ("create_manual_journal_history_record", "get_manual_journals_history"),
} | {
    name: (f"create_{name}_history", f"get_{name}_history")
    for name in [
        "contact",
        "credit_note",
        "invoice",
        "item",
        "overpayment",
        "payment",
        "prepayment",
        "purchase_order",
        "quote",
    ]
}


def noted(entity: str, create: str, read: str) -> Operation:
    def run(ground: Ground) -> None:
        made = ground.call(create, ground.ids[entity], history()).history_records[0]
        assert made.details == "Sent by the job"
        found = ground.call(read, ground.ids[entity]).history_records
        assert "Sent by the job" in {row.details for row in found}

    return run


for parent, (writes, reads) in HISTORIES.items():
    OPERATIONS[writes] = OPERATIONS[reads] = noted(parent, writes, reads)

ATTACHED = [
    "account",
    "bank_transaction",
    "bank_transfer",
    "contact",
    "credit_note",
    "invoice",
    "manual_journal",
    "purchase_order",
    "quote",
]


def attached(entity: str) -> Operation:
    """All five calls about the attachments of one kind of document."""

    def run(ground: Ground) -> None:
        id, name = ground.ids[entity], "site plan (1).txt"
        made = ground.call(f"create_{entity}_attachment_by_file_name", id, name, b"first").attachments[0]
        changed = ground.call(f"update_{entity}_attachment_by_file_name", id, name, b"second").attachments[0]
        assert (changed.attachment_id, changed.content_length) == (made.attachment_id, 6)
        listed = ground.call(f"get_{entity}_attachments", id).attachments
        assert [row.file_name for row in listed] == [name]
        for how, what in (("id", made.attachment_id), ("file_name", name)):
            saved = Path(ground.call(f"get_{entity}_attachment_by_{how}", id, what, "text/plain"))
            assert saved.read_bytes() == b"second"
            saved.unlink()

    return run


for parent in ATTACHED:
    for part in ("create_{}_attachment_by_file_name", "update_{}_attachment_by_file_name", "get_{}_attachments",
                 "get_{}_attachment_by_id", "get_{}_attachment_by_file_name"):  # fmt: skip
        OPERATIONS[part.format(parent)] = attached(parent)


def as_pdf(entity: str) -> Operation:
    def run(ground: Ground) -> None:
        saved = Path(ground.call(f"get_{entity}_as_pdf", ground.ids[entity]))
        assert saved.read_bytes().startswith(b"%PDF-1.4") and saved.read_bytes().endswith(b"%%EOF\n")
        saved.unlink()

    return run


def allocated(entity: str) -> Operation:
    """Set off and taken back again."""
    create = "create_credit_note_allocation" if entity == "credit_note" else f"create_{entity}_allocations"

    def run(ground: Ground) -> None:
        made = ground.call(create, ground.ids[entity], ground.allocations()).allocations[0]
        gone = ground.call(f"delete_{entity}_allocations", ground.ids[entity], made.allocation_id)
        assert gone.is_deleted is True

    return run


for credit in ("credit_note", "prepayment", "overpayment"):
    OPERATIONS[f"delete_{credit}_allocations"] = allocated(credit)
OPERATIONS["create_credit_note_allocation"] = allocated("credit_note")
OPERATIONS |= {f"create_{credit}_allocations": allocated(credit) for credit in ("prepayment", "overpayment")}
OPERATIONS |= {
    f"get_{entity}_as_pdf": as_pdf(entity) for entity in ("invoice", "credit_note", "purchase_order", "quote")
}

PERIOD = {"from_date": date(2026, 1, 1), "to_date": date(2026, 12, 31)}
OPERATIONS |= {
    "get_organisations": call("get_organisations"),
    "get_organisation_actions": call("get_organisation_actions"),
    "get_currencies": call("get_currencies"),
    "get_branding_themes": call("get_branding_themes"),
    "get_tax_rates": call("get_tax_rates"),
    "get_tracking_categories": call("get_tracking_categories", include_archived=True),
    "get_tracking_category": call("get_tracking_category", "category"),
    "get_users": call("get_users"),
    "get_online_invoice": call("get_online_invoice", "invoice"),
    "get_report_trial_balance": call("get_report_trial_balance"),
    "get_report_balance_sheet": call("get_report_balance_sheet", date=DAY),
    "get_report_profit_and_loss": call("get_report_profit_and_loss", **PERIOD),
    "get_report_bank_summary": call("get_report_bank_summary", **PERIOD),
    "get_report_aged_payables_by_contact": call("get_report_aged_payables_by_contact", "contact"),
    "get_report_aged_receivables_by_contact": call("get_report_aged_receivables_by_contact", "contact"),
    "get_user": lambda g: g.call("get_user", g.call("get_users").users[0].user_id),
    "get_branding_theme": lambda g: g.call(
        "get_branding_theme", g.call("get_branding_themes").branding_themes[0].branding_theme_id
    ),
    "get_tax_rate_by_tax_type": lambda g: g.call("get_tax_rate_by_tax_type", "NONE"),
    "get_contact_by_contact_number": lambda g: g.call(
        "get_contact_by_contact_number", g.call("get_contact", g.ids["contact"]).contacts[0].contact_number
    ),
    "get_purchase_order_by_number": lambda g: g.call(
        "get_purchase_order_by_number", g.an_order().purchase_order_number
    ),
    "create_account": lambda g: g.an_account(),
    "update_account": lambda g: g.call(
        "update_account", g.ids["account"], xero.Accounts(accounts=[xero.Account(description="Changed")])
    ),
    "delete_account": lambda g: g.call("delete_account", g.an_account().account_id),
    "create_contacts": lambda g: g.call("create_contacts", xero.Contacts(contacts=[g.contact(), g.contact()])),
    "update_contact": lambda g: g.call(
        "update_contact", g.ids["contact"], xero.Contacts(contacts=[xero.Contact(first_name="Bob")])
    ),
    "update_or_create_contacts": lambda g: g.call(
        "update_or_create_contacts", xero.Contacts(contacts=[g.contact()]), summarize_errors=False
    ),
    "create_invoices": lambda g: g.call("create_invoices", g.invoices(), summarize_errors=False, unitdp=4),
    "update_or_create_invoices": lambda g: g.call("update_or_create_invoices", g.invoices()),
    "update_invoice": lambda g: g.call(
        "update_invoice", g.an_invoice().invoice_id, xero.Invoices(invoices=[xero.Invoice(status="VOIDED")])
    ),
    "email_invoice": lambda g: g.call("email_invoice", g.an_invoice().invoice_id, xero.RequestEmpty()),
    "create_credit_notes": lambda g: g.a_note(),
    "update_or_create_credit_notes": lambda g: g.call("update_or_create_credit_notes", g.notes(reference="R")),
    "update_credit_note": lambda g: g.call(
        "update_credit_note", g.a_note().credit_note_id, g.notes(status="VOIDED")
    ),
    "create_payments": lambda g: g.a_payment(),
    "create_payment": lambda g: g.call("create_payment", g.payment()),
    "delete_payment": lambda g: g.call(
        "delete_payment", g.a_payment().payment_id, xero.PaymentDelete(status="DELETED")
    ),
    "create_batch_payment": lambda g: g.a_batch(),
    "delete_batch_payment": lambda g: g.call(
        "delete_batch_payment",
        xero.BatchPaymentDelete(batch_payment_id=g.a_batch().batch_payment_id, status="DELETED"),
    ),
    "delete_batch_payment_by_url_param": lambda g: g.call(
        "delete_batch_payment_by_url_param",
        g.a_batch().batch_payment_id,
        xero.BatchPaymentDeleteByUrlParam(status="DELETED"),
    ),
    "create_manual_journals": lambda g: g.a_journal(),
    "update_or_create_manual_journals": lambda g: g.call("update_or_create_manual_journals", g.journals()),
    "update_manual_journal": lambda g: g.call(
        "update_manual_journal", g.a_journal().manual_journal_id, g.journals(status="POSTED")
    ),
    "create_purchase_orders": lambda g: g.an_order(),
    "update_or_create_purchase_orders": lambda g: g.call("update_or_create_purchase_orders", g.orders()),
    "update_purchase_order": lambda g: g.call(
        "update_purchase_order",
        g.an_order().purchase_order_id,
        xero.PurchaseOrders(purchase_orders=[xero.PurchaseOrder(status="DELETED")]),
    ),
    "create_bank_transactions": lambda g: g.money("RECEIVE"),
    "update_or_create_bank_transactions": lambda g: g.call("update_or_create_bank_transactions", g.movements()),
    "update_bank_transaction": lambda g: g.call(
        "update_bank_transaction", g.money("SPEND").bank_transaction_id, g.movements(reference="Changed")
    ),
    "create_bank_transfer": lambda g: g.a_transfer(),
    "delete_bank_transfer": lambda g: g.call(
        "delete_bank_transfer",
        g.a_transfer().bank_transfer_id,
        xero.BankTransferDeleteByUrlParam(status="DELETED"),
    ),
    "delete_bank_transfers": lambda g: g.call(
        "delete_bank_transfers",
        xero.BankTransfersDelete(
            bank_transfers=[xero.BankTransferDelete(bank_transfer_id=g.a_transfer().bank_transfer_id, status="DELETED")]
        ),
    ),
    "create_quotes": lambda g: g.a_quote(),
    "update_or_create_quotes": lambda g: g.call("update_or_create_quotes", g.quotes(), summarize_errors=False),
    "update_quote": lambda g: g.call(
        "update_quote", g.a_quote().quote_id, g.quotes(status=xero.QuoteStatusCodes.SENT)
    ),
    "create_linked_transaction": lambda g: g.a_link(),
    "update_linked_transaction": lambda g: g.call(
        "update_linked_transaction",
        g.a_link().linked_transaction_id,
        xero.LinkedTransactions(linked_transactions=[xero.LinkedTransaction(contact_id=g.ids["contact"])]),
    ),
    "delete_linked_transaction": lambda g: g.call(
        "delete_linked_transaction", g.a_link().linked_transaction_id
    ),
    "create_items": lambda g: g.an_item(),
    "update_or_create_items": lambda g: g.call("update_or_create_items", g.items(description="New")),
    "update_item": lambda g: g.call("update_item", g.ids["item"], g.items(description="Changed")),
    "delete_item": lambda g: g.call("delete_item", g.an_item().item_id),
    "create_tax_rates": lambda g: g.call("create_tax_rates", g.rates()),
    "update_tax_rate": lambda g: g.call(
        "update_tax_rate",
        g.rates(tax_type=g.call("create_tax_rates", g.rates()).tax_rates[0].tax_type, status="DELETED"),
    ),
    "create_currency": lambda g: g.call("create_currency", xero.Currency(code=xero.CurrencyCode.EUR)),
    "create_contact_group": lambda g: g.a_group(),
    "update_contact_group": lambda g: g.call(
        "update_contact_group",
        g.ids["contact_group"],
        xero.ContactGroups(contact_groups=[xero.ContactGroup(name=g.name("Group"))]),
    ),
}  # fmt: skip


def grouped(ground: Ground) -> None:
    """Put into a group, taken out one by one and all at once."""
    group, ids = ground.a_group().contact_group_id, [xero.Contact(contact_id=ground.ids["contact"])]
    for leave in ("delete_contact_group_contact", "delete_contact_group_contacts"):
        ground.call("create_contact_group_contacts", group, xero.Contacts(contacts=ids))
        assert len(ground.call("get_contact_group", group).contact_groups[0].contacts) == 1
        ground.call(leave, group, *([ground.ids["contact"]] if leave.endswith("contact") else []))
        assert not ground.call("get_contact_group", group).contact_groups[0].contacts


def tracked(ground: Ground) -> None:
    """A category archived, another made in its place, with an option renamed, archived and deleted."""
    archived = xero.TrackingCategory(status="ARCHIVED")
    ground.call("update_tracking_category", ground.ids["category"], archived)
    made = ground.call("create_tracking_category", xero.TrackingCategory(name=ground.name("Area")))
    id = made.tracking_categories[0].tracking_category_id
    option = ground.call("create_tracking_options", id, xero.TrackingOption(name="North")).options[0].tracking_option_id
    renamed = ground.call("update_tracking_options", id, option, xero.TrackingOption(name="South")).options[0]
    assert renamed.name == "South"
    assert ground.call("delete_tracking_options", id, option).options[0].status == "DELETED"
    gone = ground.call("delete_tracking_category", id).tracking_categories[0]
    assert gone.status == "DELETED"
    ground.call("update_tracking_category", ground.ids["category"], xero.TrackingCategory(status="ACTIVE"))


GROUPED = ["create_contact_group_contacts", "delete_contact_group_contact", "delete_contact_group_contacts"]
OPERATIONS |= dict.fromkeys(GROUPED, grouped)
TRACKED = (
    "create_tracking_category update_tracking_category delete_tracking_category create_tracking_options "
    "update_tracking_options delete_tracking_options"
)
OPERATIONS |= dict.fromkeys(TRACKED.split(), tracked)

# Lists of what the organisation never made use of.
UNUSED = {
    "get_budgets": "budgets",
    "get_expense_claims": "expense_claims",
    "get_payment_services": "payment_services",
    "get_receipts": "receipts",
    "get_repeating_invoices": "repeating_invoices",
}


def unused(name: str) -> Operation:
    def run(ground: Ground) -> None:
        assert getattr(ground.call(name), UNUSED[name]) == []

    return run


OPERATIONS |= {name: unused(name) for name in UNUSED}
OPERATIONS |= {
    "get_journals": call("get_journals"),
    "get_journal": lambda g: g.call("get_journal", g.call("get_journals").journals[0].journal_id),
    "get_journal_by_number": lambda g: g.call(
        "get_journal_by_number", g.call("get_journals").journals[0].journal_number
    ),
}
OPERATIONS["get_invoice_reminders"] = call("get_invoice_reminders")
OPERATIONS["get_branding_theme_payment_services"] = lambda g: g.call(
    "get_branding_theme_payment_services", g.call("get_branding_themes").branding_themes[0].branding_theme_id
)
EMPTY = {*UNUSED, "get_invoice_reminders", "get_branding_theme_payment_services"}

# What the sandbox does not have, and says so with 404 or 501: resources beyond a contractor's books.
ABSENT = re.compile(
    "budget|cis_settings|executive|expense_claim|invoice_reminders|"
    "payment_service|receipt(?!s_by)|repeating_invoice|reports_list|report_from_id|setup|ten_ninety"
)
# Part of the library, and no call.
NO_CALLS = {"get_model_finder", "get_resource_url"}
