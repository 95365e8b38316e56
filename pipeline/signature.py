"""One line that names everything that shaped a text, after the manner of sacreBLEU's signatures."""

from __future__ import annotations

from pipeline import __version__
from pipeline.config import EngineConfig
from pipeline.records import EngineInfo


def signature(task: str, engine: EngineInfo, config: EngineConfig, *, prompt: str, terms: str, section: str) -> str:
    """Build the line; digests are cut to their first characters, whole ones stand in the provenance.

    Example: ``zh-en|m:qwen2.5-coder-1.5b@cc324af0|e:llamacpp-2026.10|greedy|p:1c2d|terms:9f2e|c:77aa|v:0.1.0``
    """
    versions = ",".join(v for _, v in engine.versions) or "-"
    decoding = "greedy" if config.beam == 1 else f"beam{config.beam}"
    parts = (
        {"translate": "zh-en", "summarise": "zh-sum"}[task],
        f"m:{engine.model.id}@{engine.model.sha256[:8] or '-'}",
        f"e:{engine.name}-{versions}",
        decoding,
        f"p:{prompt[:4]}",
        f"terms:{terms[:4] or '-'}",
        f"c:{section[:4]}",
        f"v:{__version__}",
    )
    return "|".join(parts)
