"""`ctx.stack` and `config["stack"]`: this instance, as a program of a stacklet sees it."""

from pathlib import Path

from stackloop_runner.secrets import Secrets
from stackloop_runner.shapes import Attributes


class StackView:
    def __init__(self, told, channel):
        self.root = Path(told["root"])
        self.data = Path(told["data_dir"])
        self.instance_dir = Path(told["instance"])
        self.domain = told["domain"]
        self.users = [Attributes(user) for user in told["users"]]
        self.secrets = Secrets(channel)
        self.config = told["settings"]
        self._channel = channel

    def run_cli_command(self, stacklet_id, command, *args):
        """Runs `stack <stacklet_id> <command> …`, and answers the dict it returned; `{"error": …}` where it failed."""
        words = [str(word) for arg in args for word in (arg if isinstance(arg, (list, tuple)) else [arg])]
        try:
            return self._channel.ask("run-command", id=stacklet_id, command=command, args=words)
        except RuntimeError as error:
            return {"error": str(error)}

    def __getitem__(self, section):
        return self.config[section]

    def __contains__(self, section):
        return section in self.config

    def get(self, section, default=None):
        return self.config.get(section, default)
