"""Audit refuses nothing a customer could ask for; it turns staff away who have no real purpose."""

from guitai.base.refusal import Refusal


class PurposeMissing(Refusal):
    code = "purpose_missing"


class PurposeNotReal(Refusal):
    code = "purpose_not_real"
