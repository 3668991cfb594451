from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from rivet.pages import (
    errors,
    gallery,
    guide,
    home,
    invitations,
    outgoing_mail,
    people,
    plan,
    probes,
    sign_up,
)

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many  # allauth looks for it here
handler500 = errors.broken

#: Below ``/t/{tenant}/``; every view here is a ``tenant_page``.
tenant_urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("exceptions_dashboard.urls")),
    path("settings/plan/", plan.plans, name="plan"),
    path("settings/plan/change/", plan.change, name="plan_change"),
    path("settings/people/", people.member_list, name="people"),
    path("settings/people/invite/", people.invite, name="invite"),
    path("settings/people/<uuid:member>/role/", people.change_role, name="member_role"),
    path("settings/people/<uuid:member>/remove/", people.remove, name="member_remove"),
    path("settings/people/invitations/<uuid:invitation>/send/", people.invite_again, name="invite_again"),
    path("settings/people/invitations/<uuid:invitation>/withdraw/", people.withdraw, name="invitation_withdraw"),
    path("settings/integrations/", include("rivet.pages.connections.urls")),
    path("documents/", include("rivet.pages.documents.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("firms/", home.firms, name="firms"),
    path("help/", guide.help_page, name="help"),
    path("sign-up/", sign_up.sign_up, name="sign_up"),
    path("invitations/<str:token>/", invitations.join, name="join"),
    path("accounts/signup/", RedirectView.as_view(pattern_name="sign_up")),
    path("accounts/", include("allauth.urls")),
    path("oauth/", include("rivet.pages.connections.callback_urls")),
    path("t/<slug:tenant>/", include(tenant_urlpatterns)),
    path("livez", probes.live, name="live"),
    path("readyz", probes.ready, name="ready"),
]
if settings.DEVELOPMENT:
    urlpatterns += [
        path("debug/components/", gallery.gallery, name="gallery"),
        path("debug/mail/", outgoing_mail.mailbox, name="mailbox"),
    ]
