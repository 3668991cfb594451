"""Below ``/t/<tenant>/settings/integrations/``."""

from django.urls import path

from rivet.pages.connections import consent, parties, views

app_name = "connections"
urlpatterns = [
    path("", views.index, name="list"),
    path("connect/<slug:provider>/", consent.begin, name="connect"),
    path("choose/<uuid:reference>/", consent.choose, name="choose"),
    path("<uuid:connection>/", views.detail, name="detail"),
    path("<uuid:connection>/reconnect/", consent.again, name="reconnect"),
    path("<uuid:connection>/mapping/", views.mapping, name="mapping"),
    path("<uuid:connection>/mapping/accept/", views.accept, name="accept"),
    path("<uuid:connection>/parties/", parties.parties, name="parties"),
    path("<uuid:connection>/parties/<slug:kind>/", parties.parties, name="parties_of"),
    path("<uuid:connection>/parties/<slug:kind>/link/", parties.link, name="link"),
    path("<uuid:connection>/classes/", views.tags, name="tags"),
    path("<uuid:connection>/preferences/", views.preferences, name="preferences"),
    path("<uuid:connection>/refresh/", views.refresh, name="refresh"),
    path("<uuid:connection>/disconnect/", views.disconnect, name="disconnect"),
]
