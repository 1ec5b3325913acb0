"""Risk keeps no tables. Django loads this module once apps are ready: then the room announces its policy."""

from guitai.risk.policy import declare_policies

declare_policies()
