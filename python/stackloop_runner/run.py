"""The way a hook or command goes: hear what it is, run it, and tell in the end why it failed."""

import os
import sys
import traceback

from stackloop_runner.channel import Channel
from stackloop_runner.command import run_command
from stackloop_runner.context import Context
from stackloop_runner.load import load

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    channel = Channel()
    told = channel.greeting()
    if told is None:
        sys.exit(1)
    sys.exit(_guarded(told, channel))


def _guarded(told, channel):
    try:
        return run_command(told, channel) if told["command"] else _run_hook(told, channel)
    except SystemExit as stop:
        return _stopped(stop, told, channel)
    except KeyboardInterrupt:
        return 130
    except BaseException as error:
        _show(error, told)
        channel.tell("failed", text=_text(error))
        return 1


def _run_hook(told, channel):
    sys.argv = [told["file"]]
    run = getattr(load(told["file"]), "run", None)
    if run is not None:
        result = run(Context(told, channel))
        if hasattr(result, "__await__"):
            import asyncio

            asyncio.run(result)
    return 0


def _stopped(stop, told, channel):
    """`sys.exit()` in a program is its end, with its code; a text is printed, as Python does."""
    if stop.code is None or isinstance(stop.code, int):
        return stop.code or 0
    print(stop.code, file=sys.stderr)
    channel.tell("failed", text=str(stop.code))
    return 1


def _text(error):
    said = str(error)
    if isinstance(error, EOFError):
        return f"it asked for something, and there is nobody to answer ({said or 'EOF'})"
    if isinstance(error, RuntimeError) and said:
        return said
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _show(error, told):
    """The trace through the stacklet's own files; a person at a terminal wants only the text."""
    if told["command"] and not told["command"]["isCalled"]:
        print(_text(error), file=sys.stderr)
        return
    trace = traceback.TracebackException.from_exception(error)
    trace.stack[:] = [frame for frame in trace.stack if not frame.filename.startswith((HERE, "<frozen"))]
    print("".join(trace.format(chain=False)), end="", file=sys.stderr)
