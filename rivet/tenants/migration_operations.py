"""Migration operations that give tenant tables their row-level security, composite keys and monthly partitions."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

ONLY_THIS_TENANT = "tenant_id = (SELECT rivet_tenant_id())"

#: Adding a constraint makes PostgreSQL read the tables under their policies, which refuse an unset tenant.
#: Tenant 0 owns nothing, and a new table or column has nothing to check.
AS_NOBODY = "SELECT set_config('rivet.tenant_id', '0', true)"


def _has_tenant(model: type[models.Model]) -> bool:
    return any(field.name == "tenant" for field in model._meta.local_fields)


def _is_event(model: type[models.Model]) -> bool:
    return isinstance(model._meta.pk, models.CompositePrimaryKey)


def _columns_to_tenant_tables(model: type[models.Model]) -> Iterator[models.ForeignKey[Any, Any]]:
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey) and field.name != "tenant" and _has_tenant(field.related_model):
            yield field


def foreign_key_sql(model: type[models.Model], field: models.ForeignKey[Any, Any]) -> str:
    table, target = model._meta.db_table, field.related_model._meta.db_table
    return (
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{field.column}_tenant_fk" '
        f'FOREIGN KEY (tenant_id, "{field.column}") REFERENCES "{target}" (tenant_id, id) '
        "DEFERRABLE INITIALLY DEFERRED"
    )


class ProtectTenantTable(Operation):
    """Force row-level security on a tenant table and tie its references to the same tenant.

    A query without ``rivet.tenant_id`` raises: ``rivet_tenant_id()`` refuses an unset setting. The unique key over
    (tenant, id) is what other tables' composite foreign keys point at.
    """

    reversible = False
    reduces_to_sql = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__qualname__, [self.model_name], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The security of a table is not part of Django's model state."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        for statement in self._statements(model):
            schema_editor.execute(statement)

    def _statements(self, model: type[models.Model]) -> Iterator[str]:
        table = model._meta.db_table
        yield AS_NOBODY
        yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
        yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'
        yield (
            f'CREATE POLICY only_this_tenant ON "{table}" USING ({ONLY_THIS_TENANT}) WITH CHECK ({ONLY_THIS_TENANT})'
        )
        if any(field.name == "id" for field in model._meta.local_fields) and not _is_event(model):
            yield f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_tenant_key" UNIQUE (tenant_id, id)'
        for field in _columns_to_tenant_tables(model):
            yield foreign_key_sql(model, field)

    def describe(self) -> str:
        return f"Keep {self.model_name} inside its tenant"


class TieToTenant(Operation):
    """The composite foreign key for a reference that was added to an already protected table."""

    reversible = False
    reduces_to_sql = True

    def __init__(self, model_name: str, field_name: str) -> None:
        self.model_name = model_name
        self.field_name = field_name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__qualname__, [self.model_name, self.field_name], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Constraints over (tenant, id) are not part of Django's model state."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        field = model._meta.get_field(self.field_name)
        if not isinstance(field, models.ForeignKey):
            raise TypeError(f"{self.model_name}.{self.field_name} is not a foreign key")
        schema_editor.execute(AS_NOBODY)
        schema_editor.execute(foreign_key_sql(model, field))

    def describe(self) -> str:
        return f"Keep {self.model_name}.{self.field_name} inside its tenant"


class CreatePartitionedModel(CreateModel):
    """Create a table partitioned by month of ``created_at``; ``rivet_create_partitions()`` makes the months."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        with _partitioned(schema_editor):
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        schema_editor.execute("SELECT rivet_create_partitions()")


@contextmanager
def _partitioned(schema_editor: BaseDatabaseSchemaEditor) -> Iterator[None]:
    """While open, CREATE TABLE statements of this editor end in the partition clause."""
    plain = schema_editor.table_sql

    def table_sql(model: type[models.Model]) -> tuple[str, list[Any]]:
        sql, params = plain(model)
        return f"{sql} PARTITION BY RANGE (created_at)", list(params)

    schema_editor.table_sql = table_sql  # type: ignore[method-assign]  # Django has no hook for table options
    try:
        yield
    finally:
        schema_editor.table_sql = plain  # type: ignore[method-assign]
