"""Creating, changing, copying and emptying companies, and the tokens that reach them."""

from dataclasses import asdict

from starlette.requests import Request

from sandbox.companies import Company
from sandbox.control.routing import ControlError, Endpoint, JsonBody
from sandbox.json_shapes import BODY, COUNT, FLAG, MOMENT, NAME, TEXT, Schema, complaint, one_of, or_null, rows, shape
from sandbox.scenarios import SCENARIOS
from sandbox.world import ByHandError, LayoutError, Sandbox

COMPANY = shape(
    {
        "id": TEXT,
        "provider": TEXT,
        "name": TEXT,
        "scenario": TEXT,
        "created_at": MOMENT,
        "settings": {"type": "object"},
    },
    title="Company",
)
# Settings that any company may have, whichever provider reads the others.
COMMON_SETTINGS = {"counting": FLAG}
_SCENARIO = shape({"name": TEXT, "title": TEXT}, title="Scenario")
_BY_HAND = shape({"act": TEXT, "contact": TEXT, "id": TEXT, "into": TEXT}, required=("act",))


ONE = "/companies/{id}"


def company_endpoints(sandbox: Sandbox) -> list[Endpoint]:
    acts = CompanyActs(sandbox)
    settings = _settings(sandbox)
    return [*_of_all(sandbox, acts, settings), *_of_one(acts, settings), *_of_people(acts), *_of_tokens(acts)]


def _settings(sandbox: Sandbox) -> Schema:
    """Whatever any provider reads: which of them a company may have is checked against its own."""
    known = {name: shape_ for vendor in sandbox.providers.values() for name, shape_ in vendor.setting_shapes.items()}
    properties = {name: or_null(found) for name, found in {**known, **COMMON_SETTINGS}.items()}
    return shape(properties, required=(), title="Settings")


def _of_all(sandbox: Sandbox, acts: "CompanyActs", settings: Schema) -> list[Endpoint]:
    provider = one_of(*sandbox.providers)
    example = {"provider": "quickbooks", "scenario": "contractor", "name": "Ironwood Mechanical"}
    new = shape(
        {"provider": provider, "scenario": one_of(*SCENARIOS), "name": or_null(NAME), "settings": or_null(settings)},
        required=("provider",),
    )
    return [
        Endpoint(
            "GET", "/scenarios", "The named starting points", acts.scenarios, shape({"scenarios": rows(_SCENARIO)})
        ),
        Endpoint(
            "GET",
            "/companies",
            "Every company; ?provider= narrows",
            acts.list,
            shape({"companies": rows(COMPANY)}),
            asks={"provider": provider},
        ),
        Endpoint("POST", "/companies", "Create a company", acts.create, COMPANY, new, example),
    ]


def _of_one(acts: "CompanyActs", settings: Schema) -> list[Endpoint]:
    copy = shape({"name": or_null(NAME)}, required=())
    return [
        Endpoint("GET", ONE, "One company with its settings", acts.show, COMPANY),
        Endpoint(
            "PATCH",
            ONE,
            "Change settings; null removes one. Each provider knows its own. Country and currency (Xero: version, "
            "base_currency) cannot change",
            acts.configure,
            COMPANY,
            settings,
            {"book_close_date": "2026-09-30"},
        ),
        Endpoint(
            "POST",
            f"{ONE}/reset",
            "Empty it and lay out its scenario anew. Of its settings country and currency stay, the others are "
            "those of the scenario again",
            acts.reset,
            COMPANY,
        ),
        Endpoint("POST", f"{ONE}/clone", "Copy it", acts.clone, COMPANY, copy, {"name": "Copy"}),
    ]


def _of_people(acts: "CompanyActs") -> list[Endpoint]:
    return [
        Endpoint(
            "POST",
            f"{ONE}/by-hand",
            "What a person does in the vendor's own pages: restore contact, merge contact (Xero), merge customer, "
            "merge vendor (QuickBooks)",
            acts.by_hand,
            {"type": "object"},
            _BY_HAND,
            {"act": "merge contact", "contact": "<id>", "into": "<id>"},
        ),
    ]


def _of_tokens(acts: "CompanyActs") -> list[Endpoint]:
    return [
        Endpoint(
            "POST",
            f"{ONE}/expire-tokens",
            "Let its access tokens expire now",
            acts.expire_tokens,
            shape({"expired": COUNT}),
        ),
        Endpoint(
            "POST",
            f"{ONE}/revoke-grants",
            "Disconnect every application from it",
            acts.revoke_grants,
            shape({"revoked": COUNT}),
        ),
    ]


def find_company(sandbox: Sandbox, request: Request) -> Company:
    """The company the path names; raises ControlError 404."""
    company = sandbox.companies.get(request.path_params["id"])
    if company is None:
        raise ControlError(404, f"There is no company {request.path_params['id'][:100]}.")
    return company


class CompanyActs:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def scenarios(self, request: Request, body: JsonBody) -> JsonBody:
        return {"scenarios": [{"name": plan.name, "title": plan.title} for plan in SCENARIOS.values()]}

    def list(self, request: Request, body: JsonBody) -> JsonBody:
        found = self.sandbox.companies.all(request.query_params.get("provider"))
        return {"companies": [asdict(company) for company in found]}

    def create(self, request: Request, body: JsonBody) -> JsonBody:
        scenario, given = body.get("scenario", self.sandbox.settings.default_scenario), body.get("settings") or {}
        self._check_settings(body["provider"], given)
        chosen = {name: value for name, value in given.items() if value is not None}
        try:
            return asdict(self.sandbox.create_company(body["provider"], scenario, body.get("name"), chosen))
        except LayoutError as error:
            raise ControlError(400, f"{scenario} cannot be laid out with these settings: {error}") from error

    def show(self, request: Request, body: JsonBody) -> JsonBody:
        return asdict(find_company(self.sandbox, request))

    def configure(self, request: Request, body: JsonBody) -> JsonBody:
        company = find_company(self.sandbox, request)
        self._check_settings(company.provider, body)
        self._check_fixed(company, body)
        with self.sandbox.store.transaction():
            self.sandbox.companies.configure(company, body)
        self.sandbox.counters.record_event("company configured", company.id, changes=body)
        return asdict(company)

    def _check_settings(self, provider: str, given: JsonBody) -> None:
        known = {**self.sandbox.providers[provider].setting_shapes, **COMMON_SETTINGS}
        shapes = {name: or_null(found) for name, found in known.items()}
        trouble = complaint(given, shape(shapes, required=()), BODY)
        if trouble:
            raise ControlError(400, trouble.replace(BODY, f"A company of {provider}", 1))

    def _check_fixed(self, company: Company, given: JsonBody) -> None:
        fixed = self.sandbox.providers[company.provider].fixed_settings
        changed = [name for name in sorted(fixed & given.keys()) if given[name] != company.settings.get(name)]
        if changed:
            raise ControlError(
                400,
                f"{' and '.join(changed)} cannot change: accounts and taxes were laid out by it. "
                "POST /control/companies takes settings for a new company.",
            )

    def reset(self, request: Request, body: JsonBody) -> JsonBody:
        company = find_company(self.sandbox, request)
        self.sandbox.reset_company(company)
        return asdict(company)

    def clone(self, request: Request, body: JsonBody) -> JsonBody:
        company = find_company(self.sandbox, request)
        return asdict(self.sandbox.clone_company(company, body.get("name")))

    def by_hand(self, request: Request, body: JsonBody) -> JsonBody:
        company = find_company(self.sandbox, request)
        act = self.sandbox.by_hand.get(company.provider)
        if act is None:
            raise ControlError(400, f"The API of {company.provider} can do everything itself.")
        try:
            with self.sandbox.store.transaction():
                return act(company, body)
        except ByHandError as error:
            raise ControlError(400, str(error)) from error

    def expire_tokens(self, request: Request, body: JsonBody) -> JsonBody:
        company = find_company(self.sandbox, request)
        return {"expired": self.sandbox.grants.expire_access(company.id)}

    def revoke_grants(self, request: Request, body: JsonBody) -> JsonBody:
        """The user disconnects the application at the vendor: of a grant for several organisations only this
        one goes, unless it was the last."""
        company = find_company(self.sandbox, request)
        found = [grant for grant in self.sandbox.grants.of_company(company.id) if grant.revoked_at is None]
        for grant in found:
            self.sandbox.grants.withdraw(grant, company.id)
        self.sandbox.counters.record_event("grants revoked", company.id, count=len(found))
        return {"revoked": len(found)}
