"""Seal every grant with the newest key, so that an older one can be taken out of RIVET_VAULT_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from integrations.connections import grants
from integrations.connections.models import Grant
from integrations.connections.vault import newest_version
from rivet.tenants.context import set_local, tenant_transaction


class Command(BaseCommand):
    help = "Seal every grant's tokens with the newest key of RIVET_VAULT_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        resealed = sum(_reseal_tenant(tenant_id) for tenant_id in _tenants())
        self.stdout.write(f"{resealed} grants sealed anew; all of them use key {newest_version()} now.")


def _tenants() -> list[int]:
    """Tenants with a connected company; the tokens of all others are thrown away when they disconnect."""
    with transaction.atomic():
        set_local("role", "rivet_dispatch")
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT tenant_id FROM connections_companyaddress ORDER BY tenant_id")
            return [int(tenant_id) for (tenant_id,) in cursor.fetchall()]


def _reseal_tenant(tenant_id: int) -> int:
    """Grant by grant: a token that is renewed at this moment is sealed with the newest key by whoever renews it."""
    with tenant_transaction(tenant_id):
        ids = list(Grant.objects.exclude(sealed_tokens=b"").values_list("pk", flat=True))
    return sum(_reseal(tenant_id, grant_id) for grant_id in ids)


def _reseal(tenant_id: int, grant_id: int) -> bool:
    with tenant_transaction(tenant_id):
        return grants.reseal(Grant.objects.select_related("tenant").get(pk=grant_id))
