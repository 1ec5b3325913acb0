"""Which address does what at Alipay."""

from guitai.sandbox.alipay.bills import Bills
from guitai.sandbox.alipay.gateway import APP_ID, SELLER_ID, Gateway
from guitai.sandbox.alipay.notices import HEADERS, SENDER, announce, back, heard
from guitai.sandbox.alipay.wire import keys
from guitai.sandbox.asgi import Route, route
from guitai.sandbox.gateways.book import Book
from guitai.sandbox.gateways.desk import Desk
from guitai.sandbox.gateways.keys import private_pem
from guitai.sandbox.gateways.pages import Arrangement, Look
from guitai.sandbox.handover import folder, hand_over, own_address
from guitai.sandbox.world import World

_USUAL = ("", "Answer as usual")
_TIMEOUT = ("timeout", "Carry it out, then do not answer")
_BADLY = ("bad_signature", "Sign the answer badly")
LOOK = Look(
    rail="alipay",
    title="Alipay",
    pay_title="Pay with Alipay",
    arrangements=(
        Arrangement(
            "order", "The next order", (_USUAL, _TIMEOUT, _BADLY, ("ACQ.TOTAL_FEE_EXCEED", "Over the limit"))
        ),
        Arrangement(
            "query", "The next query", (_USUAL, _TIMEOUT, _BADLY, ("ACQ.SYSTEM_ERROR", "System error"))
        ),
        Arrangement(
            "refund",
            "The next refund",
            (
                _USUAL,
                _TIMEOUT,
                ("ACQ.SELLER_BALANCE_NOT_ENOUGH", "Not enough in the merchant's account"),
                ("ACQ.REASON_TRADE_BEEN_FREEZEN", "The trade is frozen"),
            ),
        ),
        Arrangement(
            "transfer",
            "The next transfer",
            (
                _USUAL,
                _TIMEOUT,
                ("PAYEE_USER_INFO_ERROR", "Name does not match"),
                ("PAYEE_NOT_EXIST", "Nobody of that account"),
                ("PAYER_BALANCE_NOT_ENOUGH", "Not enough in the merchant's account"),
                ("SYSTEM_ERROR", "System error"),
            ),
        ),
        Arrangement(
            "bill",
            "The next bill",
            (
                _USUAL,
                ("isp.bill_not_exist", "Not made yet"),
                ("missing_line", "Leave the last line out"),
                ("missing_line_fits", "Leave the last line out, with sums that fit"),
            ),
        ),
    ),
    transfer_ends=(),
    back=back,
)


def routes(world: World) -> list[Route]:
    own, address = keys(folder(world.settings, "alipay")), own_address(world.settings)
    book = Book(world, "alipay", lambda trade, faults: announce(world.courier, own, trade, faults))
    contract = {
        "gateway_url": f"{address}/alipay/gateway.do",
        "app_id": APP_ID,
        "seller_id": SELLER_ID,
        "app_private_key": private_pem(own.application),
        "app_certificate": own.app_certificate,
        "alipay_certificate": own.alipay_certificate,
        "root_certificate": own.root_certificate,
    }
    hand_over(world.settings, "alipay", contract)
    world.courier.speak_for(SENDER, lambda delivery, moment: HEADERS, heard)
    gateway, bills = Gateway(book, own, address), Bills(book)
    return [
        route("POST", "/alipay/gateway.do", gateway.take, from_elsewhere=True),
        route("GET", "/alipay/gateway.do", gateway.take),
        route("GET", "/alipay/bills", bills.give),
        *Desk(book, LOOK).routes(),
    ]
