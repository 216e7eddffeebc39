"""Values that answer in the two ways in which existing stacklets ask."""

from pathlib import Path


class Attributes(dict):
    """A dict whose items are attributes as well."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class PathText(str):
    """A path as text, which `/` extends: commands join both ways."""

    def __truediv__(self, other):
        return Path(self) / other

    def __getattr__(self, name):
        return getattr(Path(self), name)
