"""Write requirements.lock and requirements-dev.lock: exact versions of everything, from pyproject.toml.

Run by ``make lock``.  A fresh environment is made, the package's own ranges are installed into it,
and what came is written down; development packages are listed apart.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = "# Exact versions, written by `make lock` from pyproject.toml; do not edit.\n"


def pip(python: Path, *args: str) -> str:
    return subprocess.run([str(python), "-m", "pip", *args], check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout


def frozen(python: Path) -> set[str]:
    lines = pip(python, "freeze", "--all", "--exclude-editable").splitlines()
    # A local build tag (torch's +cpu) names one index's file, not a version that other indexes have.
    return {line.split("+")[0].split(" @ ")[0] for line in lines if "==" in line and not line.startswith("newsdesk-pipeline")}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        pip(python, "install", "--quiet", "--upgrade", "pip", "setuptools")
        pip(python, "install", "--quiet", "--editable", ".")
        base = frozen(python)
        pip(python, "install", "--quiet", "--group", "dev", "--editable", f".[{','.join(sys.argv[1:])}]")
        extra = frozen(python) - base
    for name, lines in (("requirements.lock", base), ("requirements-dev.lock", extra)):
        (ROOT / name).write_text(HEAD + "".join(f"{line}\n" for line in sorted(lines, key=str.lower)), encoding="utf-8")


if __name__ == "__main__":
    main()
