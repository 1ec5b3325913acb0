"""The whole path once over the API alone, and what the API says when it is asked wrongly."""

import io

import pytest
from PIL import Image

from guitai.base.reference import parse_reference
from guitai.site.cast import PIN
from tests.journeys.client import Customer, cny, fresh_phone, is_problem, new_key, until

PATHS = {
    "/api/v1/me", "/api/v1/me/name", "/api/v1/me/pin", "/api/v1/me/freeze", "/api/v1/me/release",
    "/api/v1/accounts", "/api/v1/operations", "/api/v1/operations/{reference}", "/api/v1/transfers",
    "/api/v1/transfers/dry-run", "/api/v1/top-ups", "/api/v1/cases", "/api/v1/cases/{reference}",
    "/api/v1/cases/{reference}/messages", "/api/v1/cases/{reference}/evidence", "/api/v1/cases/{reference}/rating",
    "/api/v1/cases/{reference}/reopening", "/api/v1/messages", "/api/v1/help",
}  # fmt: skip


def png() -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), (40, 110, 90)).save(picture, "PNG")
    return picture.getvalue()


def test_the_whole_path_over_the_api(live, agent_over_http):
    lin, chen = Customer(live, "林小月").signed_up(pin=False), Customer(live, "Chen Ming").signed_up()
    assert lin.ok("GET", "/me")["has_pin"] is False
    assert lin.ok("POST", "/me/pin", {"pin": PIN, "password": "counter-2026-tea"})["has_pin"] is True
    assert lin.available == 0 and lin.operations() == []

    paid = lin.top_up(8_000_00)
    assert paid["direction"] == "in" and paid["amount"] == cny(8_000_00) and paid["fee"] == cny(0)
    assert lin.available == 8_000_00
    until(lambda: "wallet.top_up_arrived" in kinds_of_messages(lin))

    dry = lin.ok("POST", "/transfers/dry-run", {"phone": chen.phone, "amount": cny(120_50)})
    assert (dry["outcome"], dry["fee"], dry["total"], dry["first_time"]) == (
        "approved",
        cny(0),
        cny(120_50),
        True,
    )
    assert lin.available == 8_000_00, "a dry run moves nothing"

    key = new_key()
    sent = lin.transfer(chen.phone, 120_50, note="晚饭", key=key)
    assert sent.status_code == 201 and "Idempotency-Replayed" not in sent.headers
    again = lin.transfer(chen.phone, 120_50, note="晚饭", key=key)
    assert again.status_code == 201 and again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == sent.json()
    is_problem(lin.transfer(chen.phone, 120_51, note="晚饭", key=key), 422, "idempotency_key_reused")
    assert (lin.available, chen.available) == (8_000_00 - 120_50, 120_50)

    held = lin.transfer(fresh_phone(), 5_000_01)
    assert held.status_code == 202 and held.json()["code"] == "held_new_payee"
    refused = is_problem(lin.transfer(chen.phone, 9_999_00), 422, "insufficient_balance")
    assert refused["facts"]["available"] == cny(8_000_00 - 120_50 - 5_000_01)
    assert refused["remedy"]["url"] == "/top-up/"

    by_reference = {item["reference"]: item for item in lin.operations()}
    assert [item["state"] for item in by_reference.values()] == ["refused", "held", "sent", "succeeded"]
    assert all(parse_reference(reference) == reference for reference in by_reference)
    recorded = lin.operation(str(refused["facts"]["reference"]))
    assert recorded["code"] == "insufficient_balance" and recorded["legs"] == []
    assert recorded["diagnosis"]["headline"] and recorded["diagnosis"]["next_step"] and recorded["trace"]
    moved = lin.operation(sent.json()["reference"])
    assert {"wallet", "ledger"} <= {step["source"] for step in moved["trace"]}
    assert [leg["amount"] for leg in moved["legs"]] == [cny(120_50)]
    assert {"rail", "bank"} & {step["source"] for step in lin.operation(paid["reference"])["trace"]}

    follow_a_case(lin, refused["facts"]["reference"], agent_over_http)


def follow_a_case(lin, operation, agent):
    question = {"operation": operation, "words": "Why was this refused?"}
    case = lin.ok("POST", "/cases", question, key=new_key(), status=201)
    reference = case["reference"]
    assert case["category"] == "refused" and case["operation"] == operation
    assert case["diagnosis"]["rule"] and case["progress"]["turn"] == "us" and case["progress"]["by_when"]

    lin.ok("POST", f"/cases/{reference}/messages", {"words": "Here is a picture."}, key=new_key(), status=201)
    files = {"file": ("screen.png", png(), "image/png")}
    with_file = lin.call("POST", f"/cases/{reference}/evidence", key=new_key(), files=files)
    assert with_file.status_code == 201, with_file.text
    evidence = with_file.json()["events"][-1]["evidence"][0]
    content = lin.http.get(evidence["url"])
    assert content.headers["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(content.content)).size == (64, 48)

    is_problem(lin.call("POST", f"/cases/{reference}/rating", {"rating": 5}), 409, "case_not_resolved")
    agent.solve(reference, "Your balance was too small: please top up first.")
    solved = lin.ok("GET", f"/cases/{reference}")
    assert solved["state"] == "resolved" and solved["may_rate"] and solved["may_reopen"]
    assert any(e["by"] == "staff" and "too small" in (e["words"] or "") for e in solved["events"])
    assert lin.ok("POST", f"/cases/{reference}/rating", {"rating": 4})["rating"] == 4
    reopened = lin.ok("POST", f"/cases/{reference}/reopening", {"words": "It is still refused."})
    assert reopened["state"] != "resolved" and reopened["progress"]["turn"] == "us"


def kinds_of_messages(customer):
    return [item["kind"] for item in customer.ok("GET", "/messages")["items"]]


def test_the_description_of_the_api_lists_its_paths(live):
    description = live.get("/api/v1/openapi.json")
    assert set(description["paths"]) >= PATHS
    transfer = description["paths"]["/api/v1/transfers"]["post"]
    assert {"201", "202", "422"} <= set(transfer["responses"])
    assert any(p["name"] == "Idempotency-Key" and p["required"] for p in transfer["parameters"])


@pytest.fixture(scope="module")
def maya(live):
    return Customer(live, "Maya Patel").rich(100_00)


def test_what_is_not_there_is_a_problem(maya):
    is_problem(maya.call("GET", "/nothing-here"), 404, "not_found")
    is_problem(maya.call("GET", "/operations/2222222222"), 404, "not_found")
    is_problem(maya.call("GET", "/cases/AAAAAAAAAA"), 404, "not_found")


def test_another_method_is_a_problem_that_names_the_right_ones(maya):
    answer = maya.call("PUT", "/transfers", {})
    is_problem(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"] == "POST"


@pytest.mark.parametrize("body", [b"{", b"", b"\xff\xfe", b"null", b"[]", b'"text"', b"{" * 100_000])
@pytest.mark.parametrize("path", ["/transfers", "/top-ups", "/cases", "/me/pin"])
def test_malformed_json_is_a_problem(maya, path, body):
    headers = {"Content-Type": "application/json", "Idempotency-Key": new_key()}
    answer = maya.http.post(f"/api/v1{path}", content=body, headers=headers)
    assert answer.status_code in (400, 422), answer.text
    is_problem(answer, answer.status_code, answer.json()["code"])
    assert answer.json()["code"] in ("request_malformed", "request_invalid")


@pytest.mark.parametrize("path", ["/transfers", "/top-ups", "/cases"])
def test_money_and_cases_ask_for_a_key(maya, path):
    bodies = {
        "/transfers": {"phone": fresh_phone(), "amount": cny(1_00), "note": "", "pin": PIN},
        "/top-ups": {"amount": cny(1_00)},
        "/cases": {"category": "other", "words": "Hello"},
    }
    before = len(maya.operations())
    answer = maya.call("POST", path, bodies[path])
    assert answer.status_code == 400
    is_problem(answer, 400, "case_key_missing" if path == "/cases" else "idempotency_key_missing")
    assert len(maya.operations()) == before


def test_without_a_session_nothing_is_told(live):
    stranger = Customer(live)
    for path in ("/me", "/accounts", "/operations", "/cases", "/messages"):
        is_problem(stranger.call("GET", path), 401, "not_signed_in")
    is_problem(stranger.transfer(fresh_phone(), 1_00), 401, "not_signed_in")
