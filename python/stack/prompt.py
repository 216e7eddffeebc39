"""Words and questions for a person at a terminal. Elsewhere there are no colours, and a question takes its default."""

import os
import sys
import threading

_colours = sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _code(number):
    return f"\033[{number}m" if _colours else ""


ORANGE = _code("38;5;208")
TEAL = _code("38;5;37")
GREEN = _code("32")
RED = _code("31")
YELLOW = _code("33")
DIM = _code("2")
BOLD = _code("1")
RESET = _code("0")


def out(text=""):
    print(f"  {text}" if text else "", flush=True)
    return ""


def nl():
    return out()


def dim(text):
    return out(f"{DIM}{text}{RESET}")


def orange(text):
    return out(f"{ORANGE}{text}{RESET}")


def bold(text):
    return out(f"{BOLD}{text}{RESET}")


def bullet(text):
    return out(f"{TEAL}•{RESET} {text}")


def step(text):
    return out(f"{TEAL}›{RESET} {text}")


def done(text):
    return out(f"{GREEN}✓{RESET} {text}")


def warn(text):
    return out(f"{YELLOW}⚠{RESET} {text}")


def error(text):
    return out(f"{RED}✗{RESET} {text}")


def kv(key, value, width=16):
    return out(f"{DIM}{str(key):<{width}}{RESET} {value}")


def rule():
    return out(f"{DIM}{'─' * 48}{RESET}")


def heading(text):
    nl()
    return out(f"{BOLD}{text}{RESET}")


def section(title, text=None):
    heading(f"{ORANGE}{title}{RESET}")
    return dim(text) if text else rule()


def banner(title, text=None):
    rule()
    out(f"{BOLD}{title}{RESET}")
    if text:
        dim(text)
    return rule()


def ask(question, default=None, secret=False, validate=None):
    """The answer; the default for an empty one. Without a default somebody has to answer: nobody there is EOFError."""
    shown = f" {DIM}[{default}]{RESET}" if default not in (None, "") and not secret else ""
    while True:
        answer = _read(f"  {TEAL}?{RESET} {question}{shown}: ", default, secret)
        complaint = validate(answer) if validate and answer is not None else None
        if complaint is None or complaint is True:
            return answer
        warn(complaint if isinstance(complaint, str) else "that cannot be right")
        if not sys.stdin.isatty():
            raise EOFError(f"{question}: {answer!r} is not accepted")


def confirm(question, default=True):
    answer = _read(f"  {TEAL}?{RESET} {question} {DIM}[{'Y/n' if default else 'y/N'}]{RESET} ", "", False)
    return answer.lower() in ("y", "yes", "j", "ja") if answer else default


def choose(question, options, default=0):
    """Answers the option with the number that the person types."""
    names = list(options)
    out(question)
    for number, option in enumerate(names, 1):
        out(f"{TEAL}{number}{RESET} {option}")
    answer = _read(f"  {TEAL}?{RESET} 1-{len(names)} {DIM}[{default + 1}]{RESET}: ", "", False)
    chosen = int(answer) - 1 if answer.isdigit() else default
    return names[chosen] if 0 <= chosen < len(names) else names[default]


def _read(shown, default, secret):
    try:
        if secret and sys.stdin.isatty():
            import getpass

            answer = getpass.getpass(shown).strip()
        else:
            answer = input(shown).strip()
    except EOFError:
        print(flush=True)
        if default is None:
            raise EOFError(f"nobody answered: {shown.strip(' :?')}") from None
        return default
    if answer or default is None:
        return answer
    return default


class Spinner:
    """`with Spinner("Waiting"):` turns on a terminal, and is two lines elsewhere."""

    def __init__(self, text, done_text=None):
        self.text = text
        self._done_text = done_text
        self._over = threading.Event()
        self._turning = None

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, thrown, trace):
        self.stop(kind is None)
        return False

    def start(self):
        if not sys.stdout.isatty():
            bullet(f"{self.text}...")
            return self
        self._turning = threading.Thread(target=self._turn, daemon=True)
        self._turning.start()
        return self

    def update(self, text):
        self.text = text

    def stop(self, success=True, text=None):
        if self._over.is_set():
            return
        self._over.set()
        if self._turning:
            self._turning.join()
            print("\r\033[K", end="")
        (done if success else error)(text or self._done_text or self.text)

    def done(self, text=None):
        self.stop(True, text)

    def fail(self, text=None):
        self.stop(False, text)

    def _turn(self):
        frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
        for number in range(sys.maxsize):
            print(f"\r  {TEAL}{frames[number % len(frames)]}{RESET} {self.text}", end="", flush=True)
            if self._over.wait(0.1):
                return
