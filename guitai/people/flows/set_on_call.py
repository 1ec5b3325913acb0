"""Who is told at any hour when a wallet is frozen on little proof: read, changed, and told that they are."""

from collections.abc import Sequence

import msgspec
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.kit import policies
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people.errors import EmailInvalid
from guitai.people.reads import normal_phone
from guitai.people.standing_policy import NAME, OnCall, standing_policy

PURPOSE = "policy"


def set_on_call(staff: Actor, reached: Sequence[OnCall], reason: str) -> int:
    """See `people.api.set_on_call`."""
    wanted = tuple(dict.fromkeys(_clean(one) for one in reached))
    with outermost():
        policy = standing_policy()
        version = policies.publish(NAME, msgspec.structs.replace(policy, on_call=wanted), staff)
        audit.record(
            staff, "policy.published", ("policy", NAME), purpose=Purpose(PURPOSE, NAME, reason),
            details={"version": version, "on_call": len(wanted)},
        )  # fmt: skip
        for place, one in enumerate(wanted):
            if one not in policy.on_call:
                # Whoever is to be woken knows it from today, and a mistyped number is noticed today.
                notify.send_to_address(
                    one.channel, one.address, "people.on_call_set", {}, language=one.language,
                    key=f"on-call-set:{version}:{place}",
                )  # fmt: skip
    return version


def _clean(one: OnCall) -> OnCall:
    """As it is stored; refuses phone_invalid, email_invalid."""
    address = one.address.strip()
    if one.channel == "sms":
        return msgspec.structs.replace(one, address=normal_phone(address))
    try:
        validate_email(address)
    except ValidationError as error:
        raise EmailInvalid() from error
    return msgspec.structs.replace(one, address=address)
