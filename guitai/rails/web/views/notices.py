"""Where rails tell us what happened, and where they send the payer's browser afterwards."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from guitai.base.refusal import Refusal
from guitai.kit.problems import problem_response
from guitai.rails import api
from guitai.rails.flows.receive_notice import NOTICE_BYTES_MAX
from guitai.rails.types import Acknowledgement, InboxReceipt

_HOME = "/"


# Not a browser's form: what makes a notice genuine is its signature, judged after it is stored.
@csrf_exempt
def receive(request: HttpRequest, rail: str) -> HttpResponse:
    """What the rail wants to hear once the message is durable: the sender may forget it."""
    if request.method != "POST":
        return problem_response("method_not_allowed", headers={"Allow": "POST"})
    try:
        # One byte more than allowed is enough to know, and no more is read into memory. Whatever its type says, the
        # body is kept as it came: a form's order of fields and its escapes are part of what was signed.
        receipt = api.receive_notice(rail, dict(request.headers), request.read(NOTICE_BYTES_MAX + 1))
        wanted = api.acknowledgement(rail)
    except Refusal as refusal:
        return problem_response(refusal.code, refusal.facts)
    return _answer(wanted, receipt)


# A rail may send the browser here by a form of its own; nothing it says is believed, so nothing can be forged.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def back(request: HttpRequest, rail: str, order_reference: str = "") -> HttpResponse:
    """The payer is back: on to the page they began at, which shows what we know. 303 makes of a POST a GET."""
    try:
        page = api.came_back(rail, order_reference)
    except Refusal as refusal:
        return problem_response(refusal.code, refusal.facts)
    response = HttpResponseRedirect(page or _HOME)
    response.status_code = 303
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer(wanted: Acknowledgement, receipt: InboxReceipt) -> HttpResponse:
    if wanted.with_receipt:
        facts = {"receipt": str(receipt.id), "received_at": receipt.received_at.isoformat()}
        return JsonResponse(facts, status=wanted.status)
    return HttpResponse(wanted.body, status=wanted.status, content_type=wanted.content_type)
