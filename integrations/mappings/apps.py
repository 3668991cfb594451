from django.apps import AppConfig


class MappingsConfig(AppConfig):
    name = "integrations.mappings"
    label = "mappings"
    default_auto_field = "django.db.models.BigAutoField"
