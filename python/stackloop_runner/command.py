"""A stacklet's command: `run(args, stacklet, config)`, or a bare module that reads `sys.argv`."""

import sys

from stackloop_runner.load import load
from stackloop_runner.shapes import Attributes, PathText
from stackloop_runner.stack_view import StackView


def run_command(told, channel):
    """Runs it; answers its exit code."""
    command = told["command"]
    sys.argv = ["stack", told["id"], command["name"], *command["args"]]
    module = load(told["file"])
    run = getattr(module, "run", None)
    result = run(list(command["args"]), Attributes(command["stacklet"]), config_of(told, channel)) if run else None
    if command["isCalled"]:
        channel.tell("result", value=result if isinstance(result, dict) else None)
        return 0
    if isinstance(result, dict) and result.get("error"):
        print(result["error"], file=sys.stderr)
        return 1
    return 0


def config_of(told, channel):
    stack = StackView(told, channel)
    return Attributes(
        domain=told["domain"],
        data_dir=PathText(told["data_dir"]),
        repo_root=PathText(told["root"]),
        instance_dir=PathText(told["instance"]),
        manifest=told["command"]["manifest"],
        stack=stack,
        secrets=told["secrets"],
        users=stack.users,
        is_healthy=lambda: channel.ask("is-healthy"),
    )
