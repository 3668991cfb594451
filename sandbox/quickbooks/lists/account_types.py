"""Account types with their classification and the subtypes documented below each; the first one is the default."""

from typing import NamedTuple


class TypeFacts(NamedTuple):
    classification: str
    default_subtype: str


_TYPES = {
    "Bank": ("Asset", "CashOnHand Checking MoneyMarket RentsHeldInTrust Savings TrustAccounts"),
    "Accounts Receivable": ("Asset", "AccountsReceivable"),
    "Other Current Asset": (
        "Asset",
        "EmployeeCashAdvances AllowanceForBadDebts DevelopmentCosts Inventory Investment_MortgageRealEstateLoans"
        " Investment_Other Investment_TaxExemptSecurities Investment_USGovernmentObligations LoansToOfficers"
        " LoansToOthers LoansToStockholders OtherCurrentAssets PrepaidExpenses Retainage UndepositedFunds",
    ),
    "Fixed Asset": (
        "Asset",
        "FurnitureAndFixtures AccumulatedAmortization AccumulatedDepletion AccumulatedDepreciation Buildings"
        " DepletableAssets FixedAssetComputers FixedAssetCopiers FixedAssetFurniture FixedAssetOtherToolsEquipment"
        " FixedAssetPhone FixedAssetPhotoVideo FixedAssetSoftware IntangibleAssets Land LeaseholdImprovements"
        " MachineryAndEquipment OtherFixedAssets Vehicles",
    ),
    "Other Asset": (
        "Asset",
        "Licenses AccumulatedAmortizationOfOtherAssets Goodwill LeaseBuyout OrganizationalCosts OtherLongTermAssets"
        " SecurityDeposits",
    ),
    "Accounts Payable": ("Liability", "AccountsPayable"),
    "Credit Card": ("Liability", "CreditCard"),
    "Other Current Liability": (
        "Liability",
        "OtherCurrentLiabilities AccruedLiabilities DirectDepositPayable FederalIncomeTaxPayable GlobalTaxPayable"
        " GlobalTaxSuspense InsurancePayable LineOfCredit LoanPayable PayrollClearing PayrollTaxPayable"
        " PrepaidExpensesPayable RentsInTrustLiability SalesTaxPayable StateLocalIncomeTaxPayable"
        " TradeAndOtherPayables TrustAccountsLiabilities",
    ),
    "Long Term Liability": ("Liability", "NotesPayable OtherLongTermLiabilities ShareholderNotesPayable"),
    "Equity": (
        "Equity",
        "OpeningBalanceEquity AccumulatedAdjustment CommonStock EstimatedTaxes Healthcare OwnersEquity"
        " PaidInCapitalOrSurplus PartnerContributions PartnerDistributions PartnersEquity PersonalExpense"
        " PersonalIncome PreferredStock RetainedEarnings TreasuryStock",
    ),
    "Income": (
        "Revenue",
        "OtherPrimaryIncome DiscountsRefundsGiven NonProfitIncome SalesOfProductIncome ServiceFeeIncome"
        " UnappliedCashPaymentIncome",
    ),
    "Other Income": (
        "Revenue",
        "OtherInvestmentIncome DividendIncome InterestEarned OtherMiscellaneousIncome TaxExemptInterest",
    ),
    "Cost of Goods Sold": (
        "Expense",
        "CostOfLaborCos EquipmentRentalCos OtherCostsOfServiceCos ShippingFreightDeliveryCos SuppliesMaterialsCogs",
    ),
    "Expense": (
        "Expense",
        "Travel AdvertisingPromotional Auto BadDebts BankCharges CharitableContributions CostOfLabor"
        " DuesSubscriptions Entertainment EntertainmentMeals EquipmentRental FinanceCosts GlobalTaxExpense Insurance"
        " InterestPaid LegalProfessionalFees OfficeGeneralAdministrativeExpenses OtherBusinessExpenses"
        " OtherMiscellaneousServiceCost PayrollExpenses PromotionalMeals RentOrLeaseOfBuildings RepairMaintenance"
        " ShippingFreightDelivery SuppliesMaterials TaxesPaid TravelMeals UnappliedCashBillPaymentExpense Utilities",
    ),
    "Other Expense": (
        "Expense",
        "Depreciation Amortization ExchangeGainOrLoss GasAndFuel HomeOffice OtherHomeOfficeExpenses"
        " OtherMiscellaneousExpense OtherVehicleExpenses ParkingAndTolls PenaltiesSettlements VehicleInsurance",
    ),
}
TYPES = {name: TypeFacts(kind, words.split()[0]) for name, (kind, words) in _TYPES.items()}
SUBTYPE_OF = {word: name for name, (_, words) in _TYPES.items() for word in words.split()}
