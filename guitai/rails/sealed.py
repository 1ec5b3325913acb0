"""The sealed columns of rails."""

from guitai.kit.sealed import Sealed, register
from guitai.rails import drafts, lines, settings
from guitai.rails.flows import file_payouts, pay_back, receive_statement, start_payout
from guitai.rails.flows.receive_notice import PURPOSE

register(
    Sealed("rails_inbox", "body_sealed", PURPOSE),
    Sealed("rails_order", "paid_with_sealed", pay_back.PURPOSE),
    Sealed("rails_statement_piece", "content_sealed", receive_statement.PURPOSE),
    Sealed("rails_statement_draft", "content_sealed", drafts.PURPOSE),
    Sealed("rails_statement_entry", "person_sealed", lines.PURPOSE, row="statement_id"),
    Sealed("rails_payout", "payee_sealed", start_payout.PURPOSE),
    Sealed("rails_setting", "secrets_sealed", settings.PURPOSE),
    Sealed("rails_payout_file", "content_sealed", file_payouts.PURPOSE),
)
