"""Policies for the command, which is set up only when it is asked for them."""

from guitai.kit.policies import in_force, publish

__all__ = ["in_force", "publish"]
