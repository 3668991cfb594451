"""What an account may be mapped for at QuickBooks: the table as it stands. Pure."""

from collections.abc import Mapping

from integrations.mappings import roles
from integrations.mappings.roles import RoleTerms
from integrations.ports import MappingRole

ROLES: Mapping[MappingRole, RoleTerms] = roles.ROLES
