"""The site's addresses, and some that go wrong in every way."""

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.urls import path
from ninja import NinjaAPI, Router, Schema
from ninja.errors import HttpError

from guitai.base.money import AmountTooLarge
from guitai.base.refusal import NotFound
from guitai.kit.problems import install
from guitai.site.urls import urlpatterns as site_patterns

ERRORS = {
    "refusal": AmountTooLarge(maximum={"amount": 1, "currency": "CNY"}),
    "not-found": NotFound(),
    "http404": Http404(),
    "denied": PermissionDenied(),
    "suspicious": SuspiciousOperation(),
    "bad": BadRequest(),
    "bug": ZeroDivisionError("138 0013 8000"),
    "http-error": HttpError(429, "slow down"),
    "half-a-pair": NotFound(name="\ud800"),
}
router = Router()


class Body(Schema):
    amount: int
    note: str = ""


@router.get("/fail/{name}")
def fail(request, name: str):
    raise ERRORS[name]


@router.post("/echo")
def echo(request, body: Body):
    return {"amount": body.amount}


def page(request, name):
    raise ERRORS[name]


def make_api():
    api = NinjaAPI(urls_namespace="probe", docs_url=None, openapi_url=None)
    install(api)
    api.add_router("", router)
    return api


def plain(request):
    response = HttpResponse("no", status=429)
    response["Retry-After"] = "7"
    return response


urlpatterns = [
    path("api/probe/", make_api().urls),
    path("api/plain/", plain),
    path("api/view/<name>/", page),
    path("page/<name>/", page),
    *site_patterns,
]
