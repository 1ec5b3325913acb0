"""Every page of the product, and where it is looked at: one that is in none of these tables has not been looked at."""

# Opened by `test_all_pages` at these addresses, by whoever they are for; {names} are what was staged.
PUBLIC: dict[str, tuple[str, ...]] = {
    "care:announcement": ("/announcements/{announcement}/",),
    "care:announcements": ("/announcements/",),
    "care:article_in": ("/help/en/limits/", "/help/zh-hans/limits/"),
    "care:contact": ("/contact/", "/contact/?check=400-000-0000"),
    "care:emergency": ("/emergency/",),
    "care:emergency_reported": ("/emergency/reported/{reported}/",),
    "care:prove_code": ("/prove/",),
    "care:solve": ("/solve/locked/", "/solve/stolen/", "/solve/change_phone/"),
    "care:status": ("/status/",),
    "care:troubles": ("/solve/",),
    "skin:offline": ("/offline/",),
}
CUSTOMERS: dict[str, tuple[str, ...]] = {
    "care:callback": ("/cases/{held_case}/callback/", "/cases/{other_case}/callback/"),
    "care:callback_start": ("/callback/",),
    "care:case": ("/cases/{held_case}/", "/cases/{other_case}/", "/cases/{solved_case}/"),
    "care:cases": ("/cases/",),
    "care:counter": ("/counter/",),
    "care:emergency": ("/emergency/", "/emergency/?bill={sent}"),
    "care:new_case": (
        "/cases/new/", "/cases/new/?category=withdrawal", "/cases/new/?operation={sent}",
        "/cases/new/?follows={solved_case}",
    ),
    "care:prove": ("/me/prove/{proof}/",),
    "care:solve": (
        "/solve/refused/", "/solve/top_up/", "/solve/withdrawal/", "/solve/wrong_person/", "/solve/not_me/",
        "/solve/fees/", "/solve/refund/", "/solve/goods/", "/solve/locked/",
    ),
    "care:solve_bill": ("/solve/refused/{refused}/", "/solve/wrong_person/{held}/", "/solve/withdrawal/{failed}/"),
    "notify:inbox": ("/messages/",),
    "people:bank_account_kinds": ("/me/bank-accounts/new/",),
    "wallet:bills": ("/bills/",),
    "wallet:home": ("/home/",),
    "wallet:in_flight": ("/me/in-flight/",),
    "wallet:operation": (
        "/bills/{sent}/", "/bills/{held}/", "/bills/{refused}/", "/bills/{failed}/", "/bills/{silent}/",
        "/bills/{parked_top_up}/", "/bills/{credit}/",
    ),
    "wallet:return_account": ("/bills/{parked_top_up}/return-account/",),
    "wallet:small_amounts": ("/me/bank-accounts/{account}/small-amounts/",),
}  # fmt: skip
PAYEES: dict[str, tuple[str, ...]] = {
    "wallet:give_back": ("/bills/{sent}/give-back/",),
    "wallet:operation": ("/bills/{sent}/",),
}
# Somebody whose wallet was robbed, in again to see what is left to do.
ROBBED: dict[str, tuple[str, ...]] = {
    "care:emergency": ("/emergency/?more=1",),
    "care:emergency_case": ("/emergency/{emergency_case}/",),
}
AGENTS: dict[str, tuple[str, ...]] = {
    "care:callbacks": ("/desk/callbacks/",),
    "care:library": ("/desk/library/",),
    "care:library_article": ("/desk/library/en/limits/",),
    "care:library_version": ("/desk/library/en/limits/1/",),
    "care:merge": ("/desk/cases/{other_case}/merge/",),
    "care:new_article": ("/desk/library/new/",),
    "care:reported": ("/desk/reported/",),
    "care:solved": ("/desk/solved/",),
    "desk:action": tuple(
        f"/desk/cases/{{held_case}}/actions/{name}/"
        for name in (
            "freeze", "end_sessions", "unfreeze", "unlock", "reset_pin", "change_phone", "requery", "parked",
            "fee_waiver", "goodwill", "correction", "limit_change",
        )
    ),
    "desk:approvals": ("/desk/approvals/",),
    "desk:case": ("/desk/cases/{held_case}/", "/desk/cases/{top_up_case}/", "/desk/cases/{solved_case}/"),
    "desk:desk": ("/desk/", "/desk/?queue=waiting", "/desk/?queue=all"),
    "desk:exceptions": ("/desk/exceptions/",),
    "desk:held": ("/desk/held/",),
    "desk:operation": ("/desk/operations/{sent}/",),
    "desk:reviews": ("/desk/reviews/",),
    "desk:search": ("/desk/search/?q=nothing",),
}  # fmt: skip
SUPERVISORS: dict[str, tuple[str, ...]] = {
    "care:callbacks": ("/desk/callbacks/",),
    "care:new_announcement": ("/desk/announcements/new/",),
    "care:staff_announcement": ("/desk/announcements/{announcement}/",),
    "care:staff_announcements": ("/desk/announcements/",),
    "care:surveys": ("/desk/surveys/",),
    "desk:approvals": ("/desk/approvals/",),
    "desk:break_glass": ("/desk/break-glass/",),
    "desk:case": ("/desk/cases/{held_case}/",),
    "desk:emergency": ("/desk/emergency/{emergency_case}/",),
    "desk:glass": ("/desk/break-glass/{glass}/",),
    "rails:setting": tuple(f"/desk/rails/{rail}/" for rail in ("bank", "alipay", "wechat", "unionpay", "card")),
    "rails:settings": ("/desk/rails/",),
    "rails:statement": ("/desk/statements/{statement}/",),
    "rails:statements": ("/desk/statements/",),
    "risk:signal": ("/staff/signals/{signal}/",),
    "risk:signals": ("/staff/signals/",),
    "wallet:reconciliation": ("/desk/reconciliation/",),
    "wallet:reconciliation_day": ("/desk/reconciliation/days/{close}/",),
    "wallet:reconciliation_days": ("/desk/reconciliation/days/",),
    "wallet:reconciliation_item": ("/desk/reconciliation/{item}/",),
    "wallet:reconciliation_parked": ("/desk/reconciliation/parked/{parked}/",),
    "desk:policies": ("/desk/policies/",),
    "wallet:recalls": ("/desk/recalls/",),
    "wallet:reserve": ("/desk/reserve/",),
    "wallet:reserve_request": ("/desk/reserve/{reserve_request}/",),
    "wallet:safeguarding": ("/desk/reconciliation/safeguarding/",),
}  # fmt: skip
# Somebody of the staff who signed in more than ten minutes ago.
LONG_IN: dict[str, tuple[str, ...]] = {"people:staff_confirm": ("/staff/confirm/",)}
HERE = (PUBLIC, CUSTOMERS, PAYEES, ROBBED, AGENTS, SUPERVISORS, LONG_IN)

# Steps that no address alone leads to: `test_all_pages` walks to them.
STEPS = (
    "desk:review", "people:sign_up_name", "people:sign_up_pin", "people:staff_code", "people:staff_enrol",
    "wallet:closing_asked",
)  # fmt: skip

# Looked at by another file of this folder, as a part of its name.
ELSEWHERE: dict[str, tuple[str, ...]] = {
    "test_by_transfer": ("wallet:by_transfer",),
    "test_every_page": (
        "care:article", "care:front_door", "care:help", "people:agreement", "people:forgotten", "people:freeze",
        "people:me", "people:pin", "people:sign_in", "people:sign_up", "people:sign_up_code",
        "people:sign_up_password", "people:staff_sign_in", "people:standing", "wallet:receipt", "wallet:receive",
        "wallet:transfer", "wallet:top_up",
    ),
    "test_money_pages": (
        "wallet:closing", "wallet:limits", "wallet:not_arrived", "wallet:top_up_return",
        "wallet:withdraw",
    ),
    "test_withdraw": ("people:bank_account_back", "people:bank_account_linked", "wallet:payee_confirmation"),
    "test_people_pages": (
        "people:app_set_up", "people:authenticator", "people:bank_account_new",
        "people:bank_account_removal", "people:bank_accounts", "people:confirm", "people:data", "people:data_export",
        "people:device", "people:devices", "people:forgotten_code", "people:forgotten_password",
        "people:forgotten_proof", "people:freeze_claimed", "people:freeze_code", "people:freeze_done",
        "people:freeze_without_phone", "people:freeze_word", "people:identity", "people:identity_document",
        "people:identity_kinds", "people:identity_photos", "people:mail", "people:mail_code", "people:my_freeze_word",
        "people:not_me", "people:not_me_done", "people:number", "people:number_cancel", "people:number_code",
        "people:on_call", "people:passkey_add", "people:password", "people:pin_forgotten", "people:recovery_codes",
        "people:release", "people:release_document", "people:release_documents", "people:safety",
        "people:second_step", "people:second_steps", "people:security", "people:sign_in_code",
        "people:sign_in_code_enter", "people:staff_standing", "people:standing_history", "people:unlock",
        "people:unlock_code", "people:unlock_recovery",
    ),
}  # fmt: skip

# No pages, and why not.
NO_PAGE: dict[str, tuple[str, ...]] = {
    "takes a form, and leads on": (
        "care:announcement_publication", "care:call", "care:drafts", "care:emergency_pack", "care:emergency_police",
        "care:emergency_tick", "care:escalation", "care:feedback", "care:messages", "care:publication", "care:rating",
        "care:reopening", "care:report_contact", "care:reported_handled", "care:solve_end", "care:withdrawal",
        "care:withdrawal_of_case", "desk:assignment", "desk:case_decision", "desk:claim_verdict", "desk:decision",
        "desk:emergency_act",
        "desk:emergency_pack", "desk:glass_review", "desk:messages", "desk:proof", "desk:reading", "desk:resolution",
        "desk:review_assignment", "desk:review_decision", "desk:sorting", "desk:verdict", "people:data_exports",
        "people:deny_sign_in", "people:identity_withdrawal", "people:second_steps_always", "people:sign_out",
        "rails:setting_check", "rails:setting_decide", "skin:language", "skin:theme", "wallet:ask_back",
        "wallet:cancellation",
    ),
    "a file": (
        "care:directory_keys", "care:evidence", "care:evidence_keys", "care:security_text", "care:signed_directory",
        "care:staff_evidence", "desk:review_photo", "people:release_document_picture", "rails:statement_content",
        "skin:icon_favourite", "skin:icon_maskable", "skin:icon_png", "skin:icon_svg", "skin:manifest", "skin:styles",
        "skin:worker", "wallet:reserve_file",
        "wallet:slip",
    ),
    "a piece of a page, or data for a script": (
        "care:preview", "care:prove_options", "care:suggestions", "desk:queue_state", "people:confirm_options",
        "people:forgotten_options", "people:number_options", "people:passkey_options", "people:password_strength",
        "people:pin_options", "people:release_passkey", "people:second_step_options", "people:sign_in_passkey",
        "people:sign_in_passkey_options", "people:unlock_passkey", "people:unlock_passkey_options",
        "rails:statement_list", "wallet:instructions", "wallet:operation_state", "wallet:reconciliation_progress",
        "wallet:transfer_approval", "wallet:withdraw_approval",
    ),
    "for other machines": ("rails:notices",),
    "leads on at once": ("people:bank_account_there", "rails:back", "rails:back_to"),
    "always refused, without a page of its own": ("desk:customer",),
    "for developers, not served in production": (
        "notify_dev:outbox", "notify_dev:outbox_json", "dev_skin", "dev_skin_desk", "dev_skin_error", "dev_skin_form",
        "dev_skin_receipt", "dev_skin_wallet",
    ),
}  # fmt: skip
