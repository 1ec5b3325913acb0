"""Why something is put right."""

from typing import Literal, get_args

CorrectionReason = Literal["charged_twice", "wrong_amount", "wrong_fee", "system_error"]
CORRECTIONS: tuple[CorrectionReason, ...] = get_args(CorrectionReason)
