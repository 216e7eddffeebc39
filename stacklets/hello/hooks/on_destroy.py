"""Before it is removed. Python hooks get the same ctx; `python3` has to be installed where one runs."""

from pathlib import Path


def run(ctx):
    diary = Path(ctx.env["STACK_DATA_DIR"]) / "hello" / "diary.txt"
    lines = diary.read_text().splitlines() if diary.exists() else []
    ctx.step(f"Goodbye, after {len(lines)} lines in the diary")
