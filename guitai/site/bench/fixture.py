"""What the customers of a benchmark have in common, for those processes that know no Django, too."""

CURRENCY = "CNY"
PIN = "271828"
PASSWORD = "counter-2026-tea"
