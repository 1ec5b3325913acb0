"""Where rails tell us what happened."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from guitai.base.refusal import Refusal
from guitai.kit.problems import problem_response
from guitai.rails import api
from guitai.rails.flows.receive_notice import NOTICE_BYTES_MAX


# Not a browser's form: what makes a notice genuine is its signature, judged after it is stored.
@csrf_exempt
def receive(request: HttpRequest, rail: str) -> HttpResponse:
    """202 with a receipt once the message is durable: the sender may forget it."""
    if request.method != "POST":
        return problem_response("method_not_allowed", headers={"Allow": "POST"})
    try:
        # One byte more than allowed is enough to know, and no more is read into memory.
        receipt = api.receive_notice(rail, dict(request.headers), request.read(NOTICE_BYTES_MAX + 1))
    except Refusal as refusal:
        return problem_response(refusal.code, refusal.facts)
    return JsonResponse(
        {"receipt": str(receipt.id), "received_at": receipt.received_at.isoformat()}, status=202
    )
