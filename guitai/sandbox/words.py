"""What the sandbox's pages say, in both languages."""

from guitai.sandbox.bank.words import CHINESE as _BANK

_CHINESE = {
    **_BANK,
    "Phone number": "手机号码",
    "Account": "账号",
    "Amount": "金额",
    "Another currency or amount makes a wrong payment.": "填写别的币种或金额，就是一笔付错的款。",
    "Answer again": "恢复答复",
    "Answer as usual": "照常答复",
    "Answer nobody": "停止答复",
    "Back to the wallet": "返回钱包",
    "Bad signature": "签名有误",
    "Bank": "银行",
    "Created": "创建时间",
    "Currency": "币种",
    "Delivered": "已送达",
    "Expires": "有效期至",
    "Given up": "已放弃",
    "In 1 minute": "1 分钟后",
    "In 10 minutes": "10 分钟后",
    "In 10 seconds": "10 秒后",
    "Leave it empty or change it to pay without a usable reference.": (
        "留空或改动，即为附言缺失或有误的付款。"
    ),
    "Lose the notice": "丢失通知",
    "Lost": "已丢失",
    "Next try": "下次重试",
    "No messages yet. They appear here as soon as the wallet sends one.": (
        "还没有短信。钱包一发送，就会显示在这里。"
    ),
    "No notices yet: nobody has paid.": "还没有通知：尚无人付款。",
    "No orders yet. Start a top-up in the wallet, and it appears here.": (
        "还没有订单。在钱包里发起充值后，订单会显示在这里。"
    ),
    "No payments without an order yet.": "还没有不带订单的付款。",
    "Notice address": "通知地址",
    "Notices to the wallet": "发给钱包的通知",
    "Now": "立即",
    "Open": "打开",
    "Orders": "订单",
    "Paid": "已付款",
    "Pay without an order": "无订单付款",
    "Pay {amount}": "付款 {amount}",
    "Pay {amount} once more": "再付一次 {amount}",
    "Payee": "收款方",
    "Payer": "付款方",
    "Payer's account": "付款账号",
    "Payment order": "付款订单",
    "Payment reference": "附言（付款参考号）",
    "Payments without an order": "无订单付款",
    "Reference": "参考号",
    "Sandbox": "沙盒",
    "Send again": "重新发送",
    "Send it": "照此付款",
    "Send the notice": "发送通知",
    "Send the notice twice": "通知发送两次",
    "Sent by the wallet to this telephone.": "钱包发送到这部手机的短信。",
    "Sign it badly": "用错误的签名",
    "Signature": "签名",
    "Simulated. No real money moves here.": "模拟环境，不涉及真实资金。",
    "Something cannot be done": "无法完成",
    "State": "状态",
    "Telephone {phone}": "手机 {phone}",
    "Telephones": "手机",
    "Tell the wallet of a payment before answering its next order": "下一个订单：先通知付款，再答复钱包",
    "The bank": "银行",
    "The bank will answer as usual.": "银行将照常答复。",
    "The clerk's errors": "柜员的差错",
    "The next order is paid and announced before the bank answers it.": (
        "下一个订单会先付款并通知，银行随后才答复。"
    ),
    "The outside world": "外部世界",
    "The wallet talks to banks, gateways and telephones. For trying it out, all of them live here, in a process, a "
    "storage and with keys of their own: the bank, Alipay, WeChat Pay, UnionPay, the card acquirer, the phones. Here "
    "you act as the payer, as their clerks, and as whoever holds the phone.": (
        "钱包要与银行、支付平台和手机打交道。为便于试用，它们都在这个独立的进程里，有自己的存储和密钥："
        "银行、支付宝、微信支付、银联、银行卡收单机构和手机。在这里，您可以扮演付款人、各家的柜员和持有手机的人。"
    ),
    "The wallet is told at once.": "钱包会立即收到通知。",
    "To pay": "应付",
    "Unknown reference or no order yet": "未知参考号，或订单尚未建立",
    "Unpaid": "未付款",
    "Waiting": "待发送",
    "Top-ups and withdrawals at the bank, its statements, and what its clerk can do wrong.": (
        "银行的充值与提现、对账单，以及银行柜员可能出的差错。"
    ),
    "What the wallet's messages look like on the phone.": "钱包发出的短信在手机上的样子。",
    "Whatever goes wrong at a bank, ordered on purpose.": "银行会出的各种差错，由您指定。",
    "without reference": "无附言",
    "times": "次",
}


def learn(chinese: dict[str, str]) -> None:
    """The words of a part of the world that keeps its own."""
    _CHINESE.update(chinese)


def say(text: str, language: str, **values: str) -> str:
    """A sentence of ours in the reader's language."""
    return (_CHINESE[text] if language == "zh" else text).format(**values)
