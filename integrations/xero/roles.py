"""What an account may be mapped for at Xero, where retainage is called retentions. Pure.

No role takes receivables, payables, retained earnings or banks: a manual journal may not touch them.
"""

from collections.abc import Mapping
from dataclasses import replace

from integrations.mappings import roles
from integrations.mappings.roles import RoleTerms
from integrations.ports import AccountUse, MappingRole

_PAYABLE = roles.ROLES[MappingRole.RETAINAGE_PAYABLE]

ROLES: Mapping[MappingRole, RoleTerms] = {
    **roles.ROLES,
    MappingRole.RETAINAGE_RECEIVABLE: replace(
        roles.ROLES[MappingRole.RETAINAGE_RECEIVABLE], label="Retentions receivable"
    ),
    # Xero's plain "Liability" is the usual type outside Australia, and long jobs are held as non-current there.
    MappingRole.RETAINAGE_PAYABLE: replace(
        _PAYABLE,
        label="Retentions payable",
        uses=_PAYABLE.uses | {AccountUse.OTHER_LIABILITY},
        kind="a liability account",
    ),
}
