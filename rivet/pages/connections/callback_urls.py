"""Below ``/oauth/``: the addresses registered with the providers."""

from django.urls import path

from rivet.pages.connections import consent, intuit

app_name = "oauth"
urlpatterns = [
    path("quickbooks/reconnect/", intuit.reconnect, name="quickbooks_reconnect"),
    path("quickbooks/disconnected/", intuit.disconnected, name="quickbooks_disconnected"),
    path("<slug:provider>/callback/", consent.callback, name="callback"),
]
