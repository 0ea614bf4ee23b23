"""Opens an issue for each bucket of a campaign that has none: ``open_issues.py FOLDER…``.

Looks below the folders for ``issues/*.md``, which ``pyjit-fuzz report`` writes: one text a
bucket, whose first line is ``# <bucket>``. A bucket has an issue when the title
of an open one has its name as a word, whatever else people put there. Uses ``gh`` and
the standard library only, since it runs where the toolkit is not installed.

Exit codes: 0 each bucket has an issue now, 1 ``gh`` failed, 2 the command line is wrong.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

_MOST_OPEN = "10000"


def main(folders: list[str]) -> int:
    """Open the issues that are missing, and print what was done."""
    texts = [
        path.read_text(encoding="utf-8")
        for folder in folders
        for path in sorted(Path(folder).glob("**/issues/*.md"))
    ]
    known = open_titles() if texts else set()
    for text in texts:
        title, _, body = text.partition("\n")
        bucket = title.removeprefix("# ").strip()
        if bucket in known:
            print(f"has an issue already: {bucket}")
            continue
        print(f"{bucket}: {opened(bucket, body.lstrip())}")
        known.add(bucket)  # both architectures may have it
    return 0


def open_titles() -> set[str]:
    """Return the words in the titles of all open issues."""
    listed = gh("issue", "list", "--state", "open", "--limit", _MOST_OPEN, "--json", "title")
    return {word for issue in json.loads(listed) for word in issue["title"].split()}


def opened(bucket: str, body: str) -> str:
    """Open an issue and return its address."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".md") as file:
        file.write(body)
        file.flush()
        return gh("issue", "create", "--title", bucket, "--body-file", file.name).strip()


def gh(*arguments: str) -> str:
    """Run GitHub's command and return what it printed; raises ``CalledProcessError``."""
    return subprocess.run(
        ["gh", *arguments],  # noqa: S607 - the runner's own
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ).stdout


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.stderr.write(f"{__doc__}")
        sys.exit(2)
    try:
        sys.exit(main(sys.argv[1:]))
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"open_issues.py: gh {error.cmd[1]} {error.cmd[2]} failed\n")
        sys.exit(1)
