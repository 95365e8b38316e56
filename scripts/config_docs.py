"""Write docs/configuration.md from pipeline/config.py: every key, its type, default and meaning.

python scripts/config_docs.py            write the file
python scripts/config_docs.py --check    fail if it is not current
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "pipeline" / "config.py"
TARGET = ROOT / "docs" / "configuration.md"

HEAD = """# Configuration

One YAML file per desk. It may start with `base: default.yaml` (or the path of another file) and then give only what
differs. Unknown and mistyped keys are refused with the nearest valid one. Presets are in `configs/`; name one with
`--config marian` or by its path. Written by `scripts/config_docs.py` from `pipeline/config.py`.
"""


def _meaning(body: list[ast.stmt], index: int) -> str:
    following = body[index + 1] if index + 1 < len(body) else None
    if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant) and isinstance(following.value.value, str):
        return " ".join(following.value.value.replace("``", "`").split())
    return ""


def render() -> str:
    """The page's Markdown."""
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    sections = [n for n in tree.body if isinstance(n, ast.ClassDef) and any(isinstance(b, ast.Name) and b.id == "Section" for b in n.bases)]
    keys = {}
    for node in next(s for s in sections if s.name == "Config").body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            keys.setdefault(ast.unparse(node.annotation).removesuffix(" | None"), []).append(node.target.id)
    out = [HEAD]
    ordered = [s for s in sections if s.name == "Config"] + [s for s in sections if s.name != "Config"]
    for section in ordered:
        names = ", ".join(f"`{k}`" for k in keys.get(section.name, [])) or "Top level"
        out.append(f"\n## {names}\n\n{ast.get_docstring(section) or ''}\n\n| key | type | default | meaning |\n|---|---|---|---|\n")
        for index, node in enumerate(section.body):
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                default = ast.unparse(node.value) if node.value else "required"
                kind = ast.unparse(node.annotation).replace("|", "\\|")
                out.append(f"| `{node.target.id}` | `{kind}` | `{default}` | {_meaning(section.body, index)} |\n")
    return "".join(out)


if __name__ == "__main__":
    text = render()
    if "--check" in sys.argv:
        sys.exit(0 if TARGET.read_text(encoding="utf-8") == text else "docs/configuration.md is not current: run scripts/config_docs.py")
    TARGET.write_text(text, encoding="utf-8")
