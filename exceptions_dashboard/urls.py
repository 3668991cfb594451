"""Below ``/t/<tenant>/``: the firm's home and everything about getting into the books."""

from django.urls import path

from exceptions_dashboard import calls, entry, exceptions, log_export, sync_log, sync_status

app_name = "exceptions"
urlpatterns = [
    path("", exceptions.exception_list, name="list"),
    path("exceptions/retry-all/", exceptions.retry_all, name="retry_all"),
    path("exceptions/chosen/", exceptions.act_on_chosen, name="act_on_chosen"),
    path("exceptions/<uuid:entry>/", entry.detail, name="entry"),
    path("exceptions/<uuid:entry>/retry/", exceptions.retry, name="retry"),
    path("exceptions/<uuid:entry>/post-again/", entry.post_again, name="post_again"),
    path("exceptions/<uuid:entry>/skip/", entry.skip, name="skip"),
    path("exceptions/<uuid:entry>/calls/<int:call>/", calls.call, name="call"),
    path("sync-log/", sync_log.log, name="log"),
    path("sync-log/export.csv", log_export.export, name="log_export"),
    path("integrations/sync-status/", sync_status.status, name="status"),
    path("integrations/sync-status/sync-now/", sync_status.sync_now, name="sync_now"),
    path("integrations/sync-status/<uuid:connection>/sync-now/", sync_status.sync_now, name="sync_one_now"),
]
