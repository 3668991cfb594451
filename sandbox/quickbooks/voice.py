"""The vendor's wording for faults that are switched on."""

from sandbox import wire
from sandbox.exchange import Answer, Call
from sandbox.faults import Act
from sandbox.quickbooks import answers
from sandbox.quickbooks.faults import SUBSCRIPTION, SYSTEM, GatewayFault, ServiceFault, throttled, unauthenticated
from sandbox.quickbooks.operations import coded
from sandbox.world import Sandbox

# Codes that come from the gateway: (status, name, kind, form unless the rule says otherwise)
GATEWAY = {
    "100": (401, "AuthenticationErrorGeneral", "AUTHENTICATION", "json"),
    "110": (401, "AuthenticationOAuthError", "AUTHENTICATION", "json"),
    "130": (401, "WrongClusterError: -11017-", "SERVICE", "xml"),
    "140": (403, "CompanyLockedOut", "SERVICE", "json"),
    "150": (503, "CompanyUnderMaintenance", "SERVICE", "xml"),
    "3100": (403, "ApplicationAuthorizationFailed", "SERVICE", "json"),
    "3200": (401, "AuthenticationFailed", "AUTHENTICATION", "json"),
    "6002": (504, "GatewayTimeout", "SERVICE", "xml"),
    "504": (504, "GatewayTimeout", "SERVICE", "xml"),
}
UNKNOWN_WORD = "BrandNewValue"


class QuickBooksVoice:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def fault(self, call: Call, act: Act) -> Answer:
        now = self.sandbox.clock.now()
        if act.kind == "invalid_grant":
            body = {"error": "invalid_grant", "error_description": act.detail or "Token invalid"}
            return Answer(status=400, body=wire.dumps(body).encode(), headers={"intuit_tid": answers.trace_id(now)})
        if act.kind == "expired_token":
            return answers.gateway_fault(unauthenticated("Token expired: switched on"), now)
        if act.kind == "rate_limit" or act.code == "3001":
            answer = answers.gateway_fault(throttled(act.form), now)
            if act.retry_after is not None:
                answer.headers["Retry-After"] = str(act.retry_after)
            return answer
        return self._coded(act)

    def disguise(self, call: Call, answer: Answer) -> Answer:
        text = answer.body.decode()
        for known in ('"EmailStatus":"NotSet"', '"Classification":"Asset"', '"domain":"QBO"'):
            if known in text:
                answer.body = text.replace(known, f'{known.split(":")[0]}:"{UNKNOWN_WORD}"').encode()
                break
        return answer

    def crash(self, call: Call) -> Answer:
        fault = ServiceFault(
            "10000", "An application error has occurred while processing your request", kind=SYSTEM, status=500
        )
        return answers.service_fault(fault, self.sandbox.clock.now())

    def _coded(self, act: Act) -> Answer:
        now, code = self.sandbox.clock.now(), act.code or "10000"
        if code in GATEWAY:
            status, name, kind, form = GATEWAY[code]
            number = "6002" if code == "504" else code
            fault = GatewayFault(
                status=act.status or status, name=name, code=number, detail=act.detail, kind=kind, form=form
            )
            return answers.gateway_fault(fault, now)
        service = coded(code, act.detail or (SUBSCRIPTION if code == "6190" else None))
        service.status = act.status or (500 if code == "10000" else 400)
        service.message = act.message or service.message
        return answers.service_fault(service, now)
