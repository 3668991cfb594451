"""Everything below ``/t/{tenant}/documents/``."""

from django.urls import URLPattern, path, register_converter

from rivet.pages.documents import actions, bills, contracts, home, imports, invoices, parties, projects
from rivet.pages.documents.converters import DocumentKind, ImportKindWord, PartyKind

register_converter(DocumentKind, "document_kind")
register_converter(PartyKind, "party_kind")
register_converter(ImportKindWord, "import_kind")

app_name = "documents"

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("export.csv", home.export, name="export"),
    path("approve/", home.approve_several, name="approve_several"),
    path("bills/new/", bills.new, name="bill_new"),
    path("bills/new-release/", bills.new_release, name="bill_release_new"),
    path("bills/<uuid:public_id>/edit/", bills.edit, name="bill_edit"),
    path("invoices/new/", invoices.new, name="invoice_new"),
    path("invoices/<uuid:public_id>/edit/", invoices.edit, name="invoice_edit"),
    path("<document_kind:kind>/<uuid:public_id>/", actions.detail, name="detail"),
    path("<document_kind:kind>/<uuid:public_id>/approve/", actions.approve, name="approve"),
    path("<document_kind:kind>/<uuid:public_id>/reopen/", actions.reopen, name="reopen"),
    path("<document_kind:kind>/<uuid:public_id>/void/", actions.void, name="void"),
    path("<document_kind:kind>/<uuid:public_id>/delete/", actions.delete, name="delete"),
    path("<document_kind:kind>/<uuid:public_id>/pay/", actions.pay, name="pay"),
    path("payments/", actions.payment_list, name="payments"),
    path("payments/<uuid:public_id>/void/", actions.void_payment, name="payment_void"),
    path("<party_kind:kind>/", parties.party_list, name="parties"),
    path("<party_kind:kind>/new/", parties.new, name="party_new"),
    path("<party_kind:kind>/<uuid:public_id>/", parties.edit, name="party_edit"),
    path("<party_kind:kind>/<uuid:public_id>/archive/", parties.set_archived, name="party_archive"),
    path("projects/", projects.project_list, name="projects"),
    path("projects/new/", projects.new, name="project_new"),
    path("projects/<uuid:public_id>/", projects.edit, name="project_edit"),
    path("contracts/", contracts.contract_list, name="contracts"),
    path("contracts/new/", contracts.new, name="contract_new"),
    path("contracts/<uuid:public_id>/", contracts.detail, name="contract"),
    path("contracts/<uuid:public_id>/edit/", contracts.edit, name="contract_edit"),
    path("contracts/<uuid:public_id>/applications/new/", invoices.new_application, name="application_new"),
    path("contracts/<uuid:public_id>/releases/new/", invoices.new_release, name="release_new"),
    path("imports/", imports.upload, name="imports"),
    path("imports/templates/<import_kind:kind>.csv", imports.template_file, name="import_template"),
    path("imports/<uuid:public_id>/", imports.preview, name="import"),
    path("imports/<uuid:public_id>/confirm/", imports.confirm, name="import_confirm"),
    path("imports/<uuid:public_id>/add-parties/", imports.add_parties, name="import_parties"),
    path("imports/<uuid:public_id>/to-correct.csv", imports.rejected_file, name="import_rejected"),
]
