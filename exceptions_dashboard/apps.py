from django.apps import AppConfig


class ExceptionsDashboardConfig(AppConfig):
    name = "exceptions_dashboard"
    label = "exceptions_dashboard"
    default_auto_field = "django.db.models.BigAutoField"
