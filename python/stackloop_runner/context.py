"""`ctx`: what a hook is told and may ask. Every member is an attribute and an item."""

import os
import subprocess

from stackloop_runner.stack_view import StackView


class Context:
    def __init__(self, told, channel):
        self.stacklet_id = told["id"]
        self.env = told["env"]
        self.stack = StackView(told, channel)
        self.users = self.stack.users
        self._withheld = told["withheld"]
        self._settings = dict(told["settings"].get(told["id"], {}))
        self._channel = channel

    def step(self, message):
        self._channel.tell("step", text=str(message))

    def warn(self, message):
        self._channel.tell("warn", text=str(message))

    def secret(self, name, value=None):
        """Reads a secret of this stacklet, else the one for all; with a value it writes this stacklet's."""
        if value is None:
            return self.stack.secrets.get(self.stacklet_id, name)
        self.stack.secrets.set(self.stacklet_id, name, value)
        return str(value)

    def cfg(self, key, value=None, default=None):
        """Reads this stacklet's section of the settings; with a value it writes there, on this host."""
        if value is not None:
            plain = value if isinstance(value, (str, int, float, bool, list, tuple)) else str(value)
            self._settings[key] = self._channel.ask("set-setting", key=key, value=plain)
        found = self._settings.get(key)
        return default if found is None or found == "" else found

    def shell(self, command):
        """Runs a command and answers what it printed, without the last line's end."""
        ran = self._run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        _check(ran, command, ran.stderr or ran.stdout)
        return ran.stdout.rstrip("\n")

    def shell_live(self, command):
        """Runs a command whose output is seen as it comes."""
        _check(self._run(command), command, "")

    def http_get(self, url, headers=None):
        """JSON in and out, within 15 s, no matter who signed the certificate."""
        return _http().http_get(url, headers)

    def http_post(self, url, body=None, content_type=None, headers=None):
        """A text is sent form-encoded, anything else as JSON, unless `content_type` says otherwise."""
        return _http().http_post(url, body, content_type, headers)

    def http_put(self, url, body=None, content_type=None, headers=None):
        return _http().http_put(url, body, content_type, headers)

    def _run(self, command, **streams):
        shell = isinstance(command, str)
        env = {**os.environ, **{k: str(v) for k, v in self.env.items() if k not in self._withheld}}
        return subprocess.run(command, shell=shell, env=env, text=True, errors="replace", **streams)

    def __getitem__(self, name):
        if not name.startswith("_") and hasattr(self, name):
            return getattr(self, name)
        raise KeyError(name)

    def __contains__(self, name):
        return not name.startswith("_") and hasattr(self, name)

    def get(self, name, default=None):
        return self[name] if name in self else default


def _http():
    """Loaded when it is needed: it brings half of the standard library."""
    from stackloop_runner import http

    return http


def _check(ran, command, said):
    if ran.returncode != 0:
        raise RuntimeError(f"Command failed (exit {ran.returncode}): {command}\n{said}".rstrip())
