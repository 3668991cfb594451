"""The resources that move money, and what was paid before or too much."""

from sandbox.xero import bank_transactions, bank_transfers, batch_payments, payments
from sandbox.xero.resource import Resource, in_column, names_of

MONEY = (
    Resource(
        path="payments",
        plural="Payments",
        entity=payments.ENTITY,
        key="PaymentID",
        save=payments.save_payment,
        show=lambda desk, record, detail, fresh: payments.wire_payment(desk, record, fresh=fresh),
        fields=names_of(
            "PaymentID Date Amount BankAmount Reference PaymentType Status IsReconciled HasAccount CurrencyRate "
            "Invoice CreditNote Prepayment Overpayment Account BatchPayment UpdatedDateUTC"
        ),
        pins={"PaymentID": in_column("id", str.lower), "Status": in_column("status", str.upper)},
        has_attachments=False,
    ),
    Resource(
        path="batchpayments",
        plural="BatchPayments",
        entity=batch_payments.ENTITY,
        key="BatchPaymentID",
        save=batch_payments.save_batch_payment,
        show=lambda desk, record, detail, fresh: batch_payments.wire_batch_payment(desk, record),
        fields=names_of("BatchPaymentID Date Type Status TotalAmount IsReconciled Reference Account UpdatedDateUTC"),
        pins={"BatchPaymentID": in_column("id", str.lower), "Status": in_column("status", str.upper)},
        paged=False,
        has_attachments=False,
    ),
    Resource(
        path="banktransactions",
        plural="BankTransactions",
        entity=bank_transactions.ENTITY,
        key="BankTransactionID",
        save=bank_transactions.save_bank_transaction,
        show=lambda desk, record, detail, fresh: bank_transactions.wire_bank_transaction(
            desk, record, detail=detail, fresh=fresh
        ),
        fields=names_of(
            "BankTransactionID Type Status Contact BankAccount Date Reference IsReconciled Total SubTotal TotalTax "
            "CurrencyCode CurrencyRate LineAmountTypes PrepaymentID OverpaymentID Url HasAttachments UpdatedDateUTC"
        ),
        pins={
            "BankTransactionID": in_column("id", str.lower),
            "Contact.ContactID": in_column("party", str.lower),
            "Status": in_column("status", str.upper),
        },
        lean=True,
    ),
    Resource(
        path="banktransfers",
        plural="BankTransfers",
        entity=bank_transfers.ENTITY,
        key="BankTransferID",
        save=bank_transfers.save_bank_transfer,
        show=lambda desk, record, detail, fresh: bank_transfers.wire_bank_transfer(desk, record, fresh=fresh),
        fields=names_of(
            "BankTransferID Date Status Amount Reference FromBankAccount ToBankAccount FromBankTransactionID "
            "ToBankTransactionID FromIsReconciled ToIsReconciled CreatedDateUTC HasAttachments"
        ),
        pins={"BankTransferID": in_column("id", str.lower), "Status": in_column("status", str.upper)},
        paged=False,
        hides_inactive=True,
        alike=False,
    ),
    *(
        Resource(
            path=f"{entity.lower()}s",
            plural=f"{entity}s",
            entity=entity,
            key=f"{entity}ID",
            save=bank_transactions.refuse_save,
            show=lambda desk, record, detail, fresh: bank_transactions.wire_credit(desk, record, detail=detail),
            fields=names_of(
                f"{entity}ID Type Status Contact Date Reference Total SubTotal TotalTax RemainingCredit "
                "CurrencyCode CurrencyRate LineAmountTypes HasAttachments UpdatedDateUTC"
            ),
            pins={
                f"{entity}ID": in_column("id", str.lower),
                "Contact.ContactID": in_column("party", str.lower),
                "Status": in_column("status", str.upper),
            },
            lean=True,
        )
        for entity in ("Prepayment", "Overpayment")
    ),
)
