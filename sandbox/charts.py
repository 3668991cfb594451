"""Charts of accounts for the scenarios, as plain data."""

from typing import NamedTuple


class QuickBooksAccount(NamedTuple):
    number: str
    name: str
    type: str
    subtype: str


class XeroAccount(NamedTuple):
    code: str
    name: str
    type: str
    tax: str
    system: str = ""


QUICKBOOKS_CHART = (
    QuickBooksAccount("1000", "Checking", "Bank", "Checking"),
    QuickBooksAccount("1100", "Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable"),
    QuickBooksAccount("1150", "Retainage Receivable", "Other Current Asset", "Retainage"),
    QuickBooksAccount("1200", "Undeposited Funds", "Other Current Asset", "UndepositedFunds"),
    QuickBooksAccount("1300", "Prepaid Expenses", "Other Current Asset", "PrepaidExpenses"),
    QuickBooksAccount("1500", "Tools and Equipment", "Fixed Asset", "MachineryAndEquipment"),
    QuickBooksAccount("2000", "Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable"),
    QuickBooksAccount("2050", "Retainage Payable", "Other Current Liability", "OtherCurrentLiabilities"),
    QuickBooksAccount("2100", "Company Card", "Credit Card", "CreditCard"),
    QuickBooksAccount("2200", "Sales Tax Payable", "Other Current Liability", "SalesTaxPayable"),
    QuickBooksAccount("3000", "Opening Balance Equity", "Equity", "OpeningBalanceEquity"),
    QuickBooksAccount("3100", "Retained Earnings", "Equity", "RetainedEarnings"),
    QuickBooksAccount("4000", "Contract Revenue", "Income", "ServiceFeeIncome"),
    QuickBooksAccount("4100", "Change Order Revenue", "Income", "ServiceFeeIncome"),
    QuickBooksAccount("4900", "Discounts Given", "Income", "DiscountsRefundsGiven"),
    QuickBooksAccount("5000", "Subcontract Cost", "Cost of Goods Sold", "CostOfLaborCos"),
    QuickBooksAccount("5100", "Job Materials", "Cost of Goods Sold", "SuppliesMaterialsCogs"),
    QuickBooksAccount("5200", "Equipment Rental", "Cost of Goods Sold", "EquipmentRentalCos"),
    QuickBooksAccount("6000", "Office Expenses", "Expense", "OfficeGeneralAdministrativeExpenses"),
    QuickBooksAccount("6100", "Insurance", "Expense", "Insurance"),
    QuickBooksAccount("6200", "Vehicle Fuel", "Expense", "Auto"),
    QuickBooksAccount("6900", "Bad Debts", "Expense", "BadDebts"),
)

XERO_CHART = (
    XeroAccount("090", "Business Bank Account", "BANK", "NONE"),
    XeroAccount("200", "Contract Revenue", "REVENUE", "OUTPUT"),
    XeroAccount("210", "Variations", "REVENUE", "OUTPUT"),
    XeroAccount("310", "Job Materials", "DIRECTCOSTS", "INPUT"),
    XeroAccount("320", "Subcontractors", "DIRECTCOSTS", "INPUT"),
    XeroAccount("330", "Equipment Hire", "DIRECTCOSTS", "INPUT"),
    XeroAccount("400", "Advertising", "EXPENSE", "INPUT"),
    XeroAccount("404", "Bank Fees", "EXPENSE", "NONE"),
    XeroAccount("429", "General Expenses", "EXPENSE", "INPUT"),
    XeroAccount("433", "Insurance", "EXPENSE", "INPUT"),
    XeroAccount("449", "Motor Vehicle Expenses", "EXPENSE", "INPUT"),
    XeroAccount("610", "Accounts Receivable", "CURRENT", "NONE", "DEBTORS"),
    XeroAccount("615", "Retentions Receivable", "CURRENT", "NONE"),
    XeroAccount("620", "Prepayments", "CURRENT", "NONE"),
    XeroAccount("710", "Plant and Equipment", "FIXED", "NONE"),
    XeroAccount("800", "Accounts Payable", "CURRLIAB", "NONE", "CREDITORS"),
    XeroAccount("815", "Retentions Payable", "CURRLIAB", "NONE"),
    XeroAccount("820", "Sales Tax", "CURRLIAB", "NONE", "GST"),
    XeroAccount("840", "Historical Adjustment", "CURRLIAB", "NONE", "HISTORICAL"),
    XeroAccount("860", "Rounding", "CURRLIAB", "NONE", "ROUNDING"),
    XeroAccount("877", "Tracking Transfers", "CURRLIAB", "NONE", "TRACKINGTRANSFERS"),
    XeroAccount("960", "Retained Earnings", "EQUITY", "NONE", "RETAINEDEARNINGS"),
    XeroAccount("970", "Owner Funds Introduced", "EQUITY", "NONE"),
)
