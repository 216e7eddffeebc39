from stack._compat import tomllib

TOMLDecodeError = tomllib.TOMLDecodeError
load = tomllib.load
loads = tomllib.loads

__all__ = ["TOMLDecodeError", "load", "loads"]
