from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "rivet.pages"
    label = "pages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Whoever approves a document, page or command, must ring the bell of the configured broker.
        import rivet.celery  # noqa: F401
