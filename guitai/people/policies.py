"""Operator's settings of people: the agreement that a customer accepts, and how careful signing in is."""

import msgspec

from guitai.kit import policies
from guitai.kit.operator import Words


class Agreement(msgspec.Struct, frozen=True):
    """The agreement in force, as paragraphs; its version is stored with each person who accepts it."""

    version: str
    paragraphs: tuple[Words, ...]


DEFAULT = Agreement(
    version="1",
    paragraphs=(
        {
            "en": "Your money is yours. We hold it, show you every movement, and pay it out when you ask.",
            "zh-hans": "您的钱属于您。我们代为保管，每一笔变动都让您看得见，您要取时我们照付。",
        },
        {
            "en": "You keep your password, your payment PIN and the codes we send to yourself. "
            "We never ask for them, on any channel.",
            "zh-hans": "请自行保管登录密码、支付密码和我们发给您的验证码。无论通过什么渠道，我们都不会向您索要。",
        },
        {
            "en": "You may freeze your wallet at any hour. Money on its way to you is kept for you.",
            "zh-hans": "您可以随时冻结钱包，期间转给您的钱照常为您保留。",
        },
        {
            "en": "We keep your name and phone number encrypted, use them only to run your wallet and to answer "
            "your questions, and record each time a member of staff looks at them.",
            "zh-hans": "您的姓名和手机号加密保存，只用于运营钱包和回答您的问题；工作人员每次查看都会留下记录。",
        },
    ),
)


class SignInPolicy(msgspec.Struct, frozen=True):
    """When a sign-in is asked for a second step, and what people are reminded of. Days; 0 switches a reminder off."""

    ask_on_new_device: bool = True
    ask_on_unusual_place: bool = True
    # A device that was not used for so long counts as new again.
    device_known_days: int = 180
    # How long a change of number without the old number can be stopped.
    number_change_wait_hours: int = 72
    password_renew_days: int = 0
    review_every_days: int = 30


def agreement() -> Agreement:
    """The agreement in force."""
    return policies.current(Agreement).value


def sign_in_policy() -> SignInPolicy:
    """How careful signing in is now."""
    return policies.current(SignInPolicy).value


policies.declare("agreement", Agreement, DEFAULT)
policies.declare("sign_in", SignInPolicy, SignInPolicy())
