"""The vendor's wording for faults that are switched on."""

from sandbox import wire
from sandbox.exchange import Answer, Call
from sandbox.faults import Act
from sandbox.quickbooks import answers
from sandbox.quickbooks.faults import (
    SUBSCRIPTION,
    SWITCHED,
    SYSTEM,
    ServiceFault,
    switched,
    throttled,
    unauthenticated,
)
from sandbox.quickbooks.operations import coded
from sandbox.world import Sandbox

UNKNOWN_WORD = "BrandNewValue"

# Enumerated values as they stand in JSON and in XML, the likeliest to be read into a closed set first.
_KNOWN_WORDS = {
    '"EmailStatus":"NotSet"': f'"EmailStatus":"{UNKNOWN_WORD}"',
    "<EmailStatus>NotSet<": f"<EmailStatus>{UNKNOWN_WORD}<",
    '"Classification":"Asset"': f'"Classification":"{UNKNOWN_WORD}"',
    "<Classification>Asset<": f"<Classification>{UNKNOWN_WORD}<",
    '"domain":"QBO"': f'"domain":"{UNKNOWN_WORD}"',
    'domain="QBO"': f'domain="{UNKNOWN_WORD}"',
}


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
            answer = answers.gateway_fault(throttled(act.form or "json"), now)
            if act.retry_after is not None:
                answer.headers["Retry-After"] = str(act.retry_after)
            return answer
        return self._coded(act)

    def disguise(self, call: Call, answer: Answer) -> Answer:
        text = answer.body.decode()
        found = next((known for known in _KNOWN_WORDS if known in text), None)
        if found is not None:
            answer.body = text.replace(found, _KNOWN_WORDS[found]).encode()
        return answer

    def crash(self, call: Call) -> Answer:
        fault = ServiceFault(
            "10000", "An application error has occurred while processing your request", kind=SYSTEM, status=500
        )
        return answers.service_fault(fault, self.sandbox.clock.now())

    def _coded(self, act: Act) -> Answer:
        now, code = self.sandbox.clock.now(), act.code or "10000"
        code = "6002" if code == "504" else code
        if code in SWITCHED:
            fault = switched(code)
            fault.status, fault.detail = act.status or fault.status, act.detail
            fault.form = act.form or fault.form
            return answers.gateway_fault(fault, now)
        service = coded(code, act.detail or (SUBSCRIPTION if code == "6190" else None))
        service.status = act.status or service.status
        service.message = act.message or service.message
        return answers.service_fault(service, now)
