"""Creating, changing, copying and emptying companies, and the tokens that reach them."""

from dataclasses import asdict

from starlette.requests import Request

from sandbox.companies import Company
from sandbox.control.routing import ControlError, Endpoint, JsonBody
from sandbox.scenarios import SCENARIOS
from sandbox.world import ByHandError, Sandbox


def company_endpoints(sandbox: Sandbox) -> list[Endpoint]:
    acts = CompanyActs(sandbox)
    one = "/companies/{id}"
    return [
        Endpoint("GET", "/scenarios", "The named starting points", acts.scenarios),
        Endpoint("GET", "/companies", "Every company; ?provider= narrows", acts.list),
        Endpoint(
            "POST",
            "/companies",
            "Create a company",
            acts.create,
            {"provider": "quickbooks", "scenario": "contractor", "name": "Ironwood Mechanical"},
        ),
        Endpoint("GET", one, "One company with its settings", acts.show),
        Endpoint(
            "PATCH",
            one,
            "Change settings; null removes one",
            acts.configure,
            {"book_close_date": "2026-09-30"},
        ),
        Endpoint("POST", f"{one}/reset", "Empty it and lay out its scenario anew", acts.reset),
        Endpoint("POST", f"{one}/clone", "Copy it", acts.clone, {"name": "Copy"}),
        Endpoint(
            "POST",
            f"{one}/by-hand",
            "What a person does in the vendor's own pages: restore contact, merge contact (Xero), merge customer, "
            "merge vendor (QuickBooks)",
            acts.by_hand,
            {"act": "merge contact", "contact": "<id>", "into": "<id>"},
        ),
        Endpoint("POST", f"{one}/expire-tokens", "Let its access tokens expire now", acts.expire_tokens),
        Endpoint("POST", f"{one}/revoke-grants", "Disconnect every application from it", acts.revoke_grants),
    ]


def find_company(sandbox: Sandbox, request: Request) -> Company:
    """The company the path names; raises ControlError 404."""
    company = sandbox.companies.get(request.path_params["id"])
    if company is None:
        raise ControlError(404, f"There is no company {request.path_params['id']}.")
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
        provider, scenario = (
            body.get("provider"),
            body.get("scenario", self.sandbox.settings.default_scenario),
        )
        if provider not in self.sandbox.providers:
            raise ControlError(400, f"provider is one of {', '.join(self.sandbox.providers)}.")
        if scenario not in SCENARIOS:
            raise ControlError(400, f"scenario is one of {', '.join(SCENARIOS)}.")
        name, settings = body.get("name"), body.get("settings") or {}
        if not isinstance(settings, dict):
            raise ControlError(400, "settings is an object of names and values.")
        made = self.sandbox.create_company(str(provider), scenario, str(name) if name else None, settings)
        return asdict(made)

    def show(self, request: Request, body: JsonBody) -> JsonBody:
        return asdict(find_company(self.sandbox, request))

    def configure(self, request: Request, body: JsonBody) -> JsonBody:
        company = find_company(self.sandbox, request)
        with self.sandbox.store.transaction():
            self.sandbox.companies.configure(company, body)
        self.sandbox.counters.record_event("company configured", company.id, changes=body)
        return asdict(company)

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
