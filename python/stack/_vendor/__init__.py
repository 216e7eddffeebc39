"""Names under which existing stacklets look for TOML."""

from stack._compat import tomllib as tomli

__all__ = ["tomli"]
