#!/usr/bin/env python3
"""Draws docs/picture/why.svg: a terminal with what the commands below really print.

    docs/picture/draw.py target/release/repro
"""
import html
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
COMMANDS = (
    "repro stamp -- python3 app.py",
    "repro why --color always -- python3 app.py",
)
# Pixels: a character, a line, and around all of it.
WIDE, HIGH, MARGIN = 8.4, 19, 18
# Words with single blanks between: browsers keep no more than one.
WORDS = re.compile(r"\S+(?: \S+)*")
ESCAPE = re.compile("\x1b\\[([0-9;]*)m")
COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "91": "#ff7b72", "94": "#79c0ff"}


def said(repro, command):
    words = [repro, *command.split()[1:]]
    ran = subprocess.run(words, cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    shown = command.replace(" --color always", "")
    # What else it checked, and how long it ran, is no part of the picture.
    answer = ran.stdout.split("\n\n\x1b[2mchecked", 1)[0]
    return [f"\x1b[32m$\x1b[0m \x1b[1m{shown}\x1b[0m", *answer.rstrip().splitlines(), ""]


def style(codes):
    css = {}
    for code in codes:
        if code == "1":
            css["font-weight"] = "bold"
        elif code == "2":
            css["fill"] = "#8b949e"
        elif code in COLOURS:
            css["fill"] = COLOURS[code]
    return "".join(f' {name}="{value}"' for name, value in css.items())


def line(text, top):
    """Each stretch of one style at its own column, as wide as its characters are in a terminal."""
    codes, column, spans = [], 0, []
    for place, part in enumerate(ESCAPE.split(text)):
        if place % 2:
            codes = [] if part in ("", "0") else codes + part.split(";")
        else:
            for word in WORDS.finditer(part):
                x = MARGIN + (column + word.start()) * WIDE
                spans.append(
                    f'<text x="{x:.1f}" y="{top}" textLength="{len(word[0]) * WIDE:.1f}"{style(codes)}>'
                    f"{html.escape(word[0])}</text>"
                )
            column += len(part)
    return "".join(spans), column


def main(repro):
    lines = [one for command in COMMANDS for one in said(repro, command)][:-1]
    drawn = [line(text, MARGIN + HIGH * (place + 1) - 5) for place, text in enumerate(lines)]
    width = 2 * MARGIN + max(columns for _, columns in drawn) * WIDE
    height = 2 * MARGIN + HIGH * len(lines)
    body = "\n".join(spans for spans, _ in drawn if spans)
    (HERE / "why.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" role="img"'
        ' font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" fill="#e6edf3">\n'
        "<title>A terminal: a program whose tasks run one after another, and why</title>\n"
        f'<rect width="100%" height="100%" rx="8" fill="#0d1117"/>\n{body}\n</svg>\n',
        encoding="utf-8",
    )


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).resolve()))
