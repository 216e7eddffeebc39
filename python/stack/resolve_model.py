"""Which model a bot uses for a task: `[ai.models]` of stack.toml, from the most special to `[ai].default`."""

import os
from pathlib import Path

from stack._compat import tomllib


def resolve_model(*asked, default=None):
    """`resolve_model(config, "archivist/classify")`: the task's model, else the bot's, else the default.

    `config` is stack.toml as a dict; without one the instance's is read. Bot and task may be two arguments.
    """
    config = next((one for one in asked if isinstance(one, dict)), None)
    words = "/".join(one for one in asked if isinstance(one, str)).replace(".", "/")
    bot, _, task = words.partition("/")
    ai = (_stack_toml() if config is None else config).get("ai", {})
    models = ai.get("models", {})
    of_bot = models.get(bot)
    special = of_bot if isinstance(of_bot, dict) else {"default": of_bot}
    choices = [
        *(models.get(f"{bot}{separator}{task}") for separator in "/." if task),
        special.get(task) if task else None,
        special.get("default"),
        models.get("default"),
        ai.get("default"),
        default,
    ]
    found = next((choice for choice in choices if isinstance(choice, str) and choice), None)
    if found is None:
        raise LookupError(f"no model for {words or 'anything'}: set default in [ai] or {bot or 'default'} in [ai.models] of stack.toml")
    return found


def _stack_toml():
    instance = os.environ.get("STACK_INSTANCE") or os.environ.get("FAMSTACK_INSTANCE") or "."
    try:
        return tomllib.loads((Path(instance) / "stack.toml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
