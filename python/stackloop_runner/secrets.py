"""`ctx.stack.secrets`: the host's secrets, read and written through `stack`, which holds the lock."""

GLOBAL = "global"


class Secrets:
    def __init__(self, channel):
        self._channel = channel

    def get(self, scope, name=None, default=None):
        """`get("docs", "API_TOKEN")` or `get("docs__API_TOKEN")`. The stacklet's own, else the one for all."""
        scope, name = _split(scope, name)
        value = self._channel.ask("secret", scope=scope, name=name)
        return default if value is None else value

    def set(self, scope, name, value=None):
        if value is None:
            scope, name, value = *_split(scope, None), name
        self._channel.ask("set-secret", scope=scope, name=name, value=str(value))

    def __getitem__(self, name):
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __contains__(self, name):
        return self.get(name) is not None


def _split(scope, name):
    if name is not None:
        return scope, name
    scope, separator, name = scope.partition("__")
    return (scope, name) if separator else (GLOBAL, scope)
