"""allauth's steps, adapted: staff have no number to verify; customers get a second step when one is due."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.stages import PhoneVerificationStage
from allauth.core.internal.httpkit import headed_redirect_response
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.internal.flows import did_use_passwordless_login

from guitai.people.flows.note_sign_in import why_second_step
from guitai.people.flows.proofs import means_of
from guitai.people.models import User
from guitai.people.rules.sign_in import Means, second_steps
from guitai.people.web.devices import visitor_of


class PhoneStage(PhoneVerificationStage):  # type: ignore[misc]
    def handle(self) -> Any:
        user = self.login.user
        if user is not None and user.kind == User.Kind.STAFF:
            return None, True
        return super().handle()


class SecondStepStage(AuthenticateStage):  # type: ignore[misc]
    """For staff as allauth has it. For customers: with an authenticator always, without one when something is new."""

    def handle(self) -> Any:
        user = self.login.user
        if user is None or user.kind != User.Kind.CUSTOMER:
            return super().handle()
        if self.login.signup or did_use_passwordless_login(self.request, user):
            return None, True
        means, why = means_of(user), why_second_step(user, visitor_of(self.request))
        if not (why or _has_authenticator(means)):
            return None, True
        first = [str(record.get("method")) for record in get_authentication_records(self.request, user)]
        self.state.update(why=list(why), ways=list(second_steps(means, first)))
        return headed_redirect_response("mfa_authenticate"), True


def _has_authenticator(means: Means) -> bool:
    return means.totp or means.passkey
