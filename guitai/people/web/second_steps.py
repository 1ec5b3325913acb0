"""The second step of a customer's sign-in: its ways, its codes, and how it ends."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import stash_login
from allauth.account.stages import LoginStageController
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from guitai.people import webauthn
from guitai.people.errors import ProofMissing
from guitai.people.flows.proofs import check_proof, send_proof_code
from guitai.people.models import User
from guitai.people.rules.sign_in import Way
from guitai.people.stages import SecondStepStage
from guitai.people.web import passkeys

SLOT = "second_step"
CODES: tuple[Way, ...] = ("sms", "email")


def pending(request: HttpRequest) -> Any | None:
    """The second step that a customer's sign-in waits for, if one does."""
    stage = LoginStageController.enter(request, SecondStepStage.key)
    return stage if stage is not None and stage.login.user.kind == User.Kind.CUSTOMER else None


def ways_of(stage: Any) -> tuple[Way, ...]:
    """The ways that are open to this sign-in."""
    return tuple(cast(Sequence[Way], stage.state.get("ways", ())))


def why(stage: Any) -> tuple[str, ...]:
    """Why it is asked for: chosen, new_device, unusual_place; nothing when it always is."""
    return tuple(stage.state.get("why", ()))


def send_code(request: HttpRequest, stage: Any, way: Way) -> None:
    """Send the code of the ways `sms` and `email`; refuses proof_missing, too_many_attempts."""
    if way not in ways_of(stage) or way not in ("sms", "email"):
        raise ProofMissing()
    stage.state[f"sent_{way}"] = str(send_proof_code(stage.login.user, way))
    stash_login(request, stage.login)


def was_sent(stage: Any, way: Way) -> bool:
    return f"sent_{way}" in stage.state


def ask_passkey(request: HttpRequest, stage: Any) -> dict[str, Any]:
    """Request options for the person's passkeys."""
    person = stage.login.user.id
    return passkeys.ask(request, SLOT, webauthn.passkeys_of([person]).get(person, []))


def finish(request: HttpRequest, stage: Any, way: Way, given: str) -> None:
    """Check the second step and end the sign-in with it; refuses what the proof refuses, proof_missing."""
    if way not in ways_of(stage):
        raise ProofMissing()
    user, sent = stage.login.user, stage.state.get(f"sent_{way}")
    challenge = passkeys.asked(request, SLOT) if way == "passkey" else b""
    number = check_proof(user, way, given, sent=UUID(sent) if sent else None, challenge=challenge)
    if number is not None:
        post_authentication(request, Authenticator.objects.get(id=number))
    else:
        method = "password" if way == "password" else "code"
        record_authentication(request, user, method, type=way)
    stage.exit()
