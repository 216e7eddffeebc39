"""The host's secrets, for programs that run without `stack`: `TomlSecretStore(".stack/secrets.toml").set("docs", "TOKEN", …)`."""

import fcntl
import json
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

from stack._compat import tomllib


class TomlSecretStore:
    """A flat file of `<scope>__NAME = "…"`, replaced in one go under the lock that `stack` itself holds while it writes."""

    def __init__(self, path):
        self.path = Path(path)

    def all(self):
        """Every secret by full name. A file that cannot be read is an error: nothing is written over it."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        return tomllib.loads(text)

    def get(self, scope, name=None, default=None):
        """The scope's own, else the one for all, else the default. An empty value is none."""
        scope, name = _split(scope, name)
        secrets = self.all()
        return secrets.get(f"{scope}__{name}") or secrets.get(f"global__{name}") or default

    def set(self, scope, name, value=None):
        if value is None:
            (scope, name), value = _split(scope, None), name
        with self._locked():
            self._replace({**self.all(), f"{scope}__{name}": str(value)})

    def delete(self, scope, name=None):
        scope, name = _split(scope, name)
        with self._locked():
            self._replace({key: value for key, value in self.all().items() if key != f"{scope}__{name}"})

    @contextmanager
    def _locked(self):
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _replace(self, secrets):
        handle, draft = tempfile.mkstemp(dir=self.path.parent, prefix=".secrets-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(f"{_key(name)} = {_quoted(secrets[name])}\n" for name in sorted(secrets))
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, self.path)


def _split(scope, name):
    if name is not None:
        return scope, name
    scope, separator, name = scope.partition("__")
    return (scope, name) if separator else ("global", scope)


def _key(name):
    is_bare = name.replace("_", "").replace("-", "").isalnum() and name.isascii()
    return name if is_bare else _quoted(name)


def _quoted(text):
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
