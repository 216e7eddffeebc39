"""What hooks and commands in Python import: prompts, users, secrets, models and a Forgejo client."""

from stack.resolve_model import resolve_model

__all__ = ["resolve_model"]
