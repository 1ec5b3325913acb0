"""A member of staff at the desk, by forms and cookies, for tests that are about somebody else."""

import httpx

from guitai.site.cast import COLLEAGUES, PASSWORD, Colleague
from tests.journeys.client import UNKEPT, totp
from tests.live import Live

WEN = next(c for c in COLLEAGUES if c.role == "agent")
RAO = next(c for c in COLLEAGUES if c.role == "supervisor")


class Desk:
    def __init__(self, live: Live, colleague: Colleague) -> None:
        self.colleague = colleague
        self.http = httpx.Client(
            base_url=live.url, timeout=30, trust_env=False, limits=UNKEPT, follow_redirects=True
        )

    def signed_in(self) -> "Desk":
        self.http.get("/staff/sign-in/")
        self.send("/staff/sign-in/", email=self.colleague.email, password=PASSWORD)
        arrived = self.send("/staff/code/", code=totp(self.colleague.totp_secret))
        assert arrived.url.path == "/desk/", f"{arrived.url} {arrived.text[-2000:]}"
        return self

    def send(self, path: str, **fields: str) -> httpx.Response:
        """A form of the desk, its token included."""
        token = self.http.cookies.get("csrftoken", "")
        answer = self.http.post(path, data={"csrfmiddlewaretoken": token, **fields})
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[-3000:]}"
        return answer

    def solve(self, reference: str, words: str) -> None:
        self.send(f"/desk/cases/{reference}/assignment/", verb="take")
        self.send(f"/desk/cases/{reference}/resolution/", words=words)

    def cookies(self) -> list[dict[str, str]]:
        """The session, in the shape that a browser takes."""
        url = str(self.http.base_url)
        return [{"name": c.name, "value": c.value or "", "url": url} for c in self.http.cookies.jar]
