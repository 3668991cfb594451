"""Who may do what inside a tenant. Staff (Rivet's support) are not a role: they are no member of any tenant."""

from enum import StrEnum


class Role(StrEnum):
    """A member's role, weakest first; each may do all that the ones before it may."""

    VIEWER = "viewer"
    BOOKKEEPER = "bookkeeper"
    MANAGER = "manager"
    OWNER = "owner"


class Ability(StrEnum):
    """A thing a page or an API call asks permission for."""

    READ = "read"
    KEEP_BOOKS = "keep_books"
    CONNECT = "connect"
    CHANGE_PLAN = "change_plan"
    MANAGE_PEOPLE = "manage_people"


_RANK = {role: rank for rank, role in enumerate(Role)}

#: The weakest role that has the ability.
_NEEDS = {
    Ability.READ: Role.VIEWER,
    Ability.KEEP_BOOKS: Role.BOOKKEEPER,
    Ability.CONNECT: Role.MANAGER,
    Ability.CHANGE_PLAN: Role.MANAGER,
    Ability.MANAGE_PEOPLE: Role.MANAGER,
}

LABELS = {
    Role.VIEWER: "Viewer",
    Role.BOOKKEEPER: "Bookkeeper",
    Role.MANAGER: "Manager",
    Role.OWNER: "Owner",
}


def may(role: Role, ability: Ability) -> bool:
    return _RANK[role] >= _RANK[_NEEDS[ability]]


def roles_that_may(ability: Ability) -> list[Role]:
    return [role for role in Role if may(role, ability)]


def weakest_for(ability: Ability) -> Role:
    return _NEEDS[ability]


def outranks(role: Role, other: Role) -> bool:
    return _RANK[role] > _RANK[other]
