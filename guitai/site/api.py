"""The HTTP API: every room's endpoints under /api/v1, one error format, one description."""

from typing import Any

from ninja import NinjaAPI

from guitai import __version__
from guitai.care.web.case_endpoints import router as case_router
from guitai.care.web.endpoints import router as care_router
from guitai.kit.problems import install
from guitai.notify.web.endpoints import router as notify_router
from guitai.people.web.endpoints import router as people_router
from guitai.people.web.headless_described import described
from guitai.wallet.web.closing_endpoints import router as closing_router
from guitai.wallet.web.endpoints import router as wallet_router
from guitai.wallet.web.withdrawal_endpoints import router as withdrawal_router


class _Api(NinjaAPI):
    """Our endpoints, described together with those for signing in, which are allauth's and stand beside them."""

    def get_openapi_schema(self, **options: Any) -> Any:
        schema = super().get_openapi_schema(**options)
        schema["paths"].update(described())
        return schema


api = _Api(
    title="Guitai",
    version=__version__,
    urls_namespace="api",
    docs_url=None,
    openapi_url="openapi.json",
    description="Money is `{amount, currency}` in minor units. Money verbs need an `Idempotency-Key`. "
    "Errors are `application/problem+json` with a stable `code`, the facts and the remedy.",
)
install(api)
# A case's form stands before the case with that name.
for _router in (
    people_router,
    wallet_router,
    withdrawal_router,
    closing_router,
    case_router,
    care_router,
    notify_router,
):
    api.add_router("", _router)
