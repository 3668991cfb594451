from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from rivet.pages import errors, gallery, guide, home, probes, sign_up

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken

#: Below ``/t/{tenant}/``; every view here is a ``tenant_page``.
tenant_urlpatterns: list[URLPattern | URLResolver] = []

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("firms/", home.firms, name="firms"),
    path("help/", guide.help_page, name="help"),
    path("sign-up/", sign_up.sign_up, name="sign_up"),
    path("accounts/signup/", RedirectView.as_view(pattern_name="sign_up")),
    path("accounts/", include("allauth.urls")),
    path("t/<slug:tenant>/", include(tenant_urlpatterns)),
    path("livez", probes.live, name="live"),
    path("readyz", probes.ready, name="ready"),
]
if settings.DEBUG:
    urlpatterns.append(path("debug/components/", gallery.gallery, name="gallery"))
