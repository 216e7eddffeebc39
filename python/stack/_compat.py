"""TOML on every Python: the standard library's since 3.11, an installed `tomli` before."""

try:
    import tomllib
except ModuleNotFoundError:
    try:
        import tomli as tomllib
    except ModuleNotFoundError:
        from pip._vendor import tomli as tomllib

__all__ = ["tomllib"]
