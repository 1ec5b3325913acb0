"""The wallet's pages."""

from django.urls import path

from guitai.wallet.web.views import (
    bills,
    closing,
    home,
    in_flight,
    limits,
    operation,
    receive,
    top_up,
    transfer,
    withdraw,
)

app_name = "wallet"
urlpatterns = [
    path("home/", home.home, name="home"),
    path("bills/", bills.bills, name="bills"),
    path("bills/<str:reference>/", operation.operation, name="operation"),
    path("bills/<str:reference>/state/", operation.state, name="operation_state"),
    path("bills/<str:reference>/receipt/", operation.receipt, name="receipt"),
    path("bills/<str:reference>/instructions/", operation.instructions, name="instructions"),
    path("bills/<str:reference>/cancellation/", operation.cancellation, name="cancellation"),
    path("top-up/", top_up.top_up, name="top_up"),
    path("top-up/<str:reference>/return/", top_up.returned, name="top_up_return"),
    path("transfer/", transfer.transfer, name="transfer"),
    path("transfer/approval/", transfer.approval, name="transfer_approval"),
    path("withdraw/", withdraw.withdraw, name="withdraw"),
    path("withdraw/approval/", withdraw.approval, name="withdraw_approval"),
    path("me/in-flight/", in_flight.in_flight, name="in_flight"),
    path("me/closing/", closing.closing, name="closing"),
    path("me/closing/asked/", closing.closing_asked, name="closing_asked"),
    path("me/limits/", limits.limits, name="limits"),
    path("receive/", receive.receive, name="receive"),
]
