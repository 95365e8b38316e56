"""Self-contained HTML pages: templates, assets and a content security policy that names them by digest.

A page holds its own style and script, asks for nothing over the network, and tells the browser to
run and load nothing else, so text from a newspaper can only ever be text.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from importlib import resources
from typing import TYPE_CHECKING, Any

from pipeline.bundle.html import words
from pipeline.bundle.html.marks import visible

if TYPE_CHECKING:
    from jinja2 import Environment


def asset(name: str) -> str:
    """Return the text of a file in ``pipeline/bundle/templates``."""
    return resources.files("pipeline.bundle").joinpath("templates", name).read_text(encoding="utf-8")


def policy(styles: list[str], scripts: list[str], *, connect: str = "'none'", script_src: str = "") -> str:
    """Return a content security policy that admits exactly these inline styles and scripts.

    Args:
        styles: texts of the page's ``<style>`` elements.
        scripts: texts of the page's ``<script>`` elements.
        connect: value of ``connect-src``.
        script_src: further sources of scripts (the archive's search index).
    """
    style = " ".join(_hash(s) for s in styles) or "'none'"
    script = " ".join([*(_hash(s) for s in scripts), *([script_src] if script_src else [])]) or "'none'"
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {style}",
            f"script-src {script}",
            f"connect-src {connect}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def render_page(template: str, *, style: str, script: str, connect: str = "'none'", script_src: str = "", **values: Any) -> str:
    """Return the page made from ``template`` with one style sheet and one script, both inline."""
    csp = policy([style], [script] if script else [], connect=connect, script_src=script_src)
    return environment().get_template(template).render(style=style, script=script, csp=csp, **values).lstrip()


@functools.cache
def environment() -> Environment:
    """Return the template environment: everything escaped, every unseen character made visible."""
    # Imported here: --help must not pay for the template engine.
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup, escape

    def finalize(value: Any) -> Any:
        return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    env = Environment(
        loader=FunctionLoader(asset),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    env.globals["count"] = words.count
    # A value the page's script sends back must be the record's own; attributes are escaped all the same.
    env.globals["verbatim"] = escape
    # The only two texts that are not escaped are the package's own style and script.
    env.globals["raw_asset"] = Markup
    return env


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
