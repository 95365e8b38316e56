"""Does a reply depend on what ran before it?  The same sentences in order and in reverse, under each kernel setting.

    python -m bench.reproducible [ISSUE] [--sentences N]

Prints how many outputs differ between the two orders: with llama.cpp's defaults, with weight
repacking off, with flash attention off, and with both off, as the engine runs it.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from pipeline.config import IngestConfig, SegmentConfig, load
from pipeline.engines.base import Constraint, Request, Task
from pipeline.engines.llamacpp import _body, physical_cores
from pipeline.ingest import read_issue
from pipeline.models.store import Store
from pipeline.records import Field
from pipeline.resources import preset
from pipeline.segment import segment
from pipeline.translate import prompts


def server(path: Path, *, repack: bool, flash: bool) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_parallel, params.n_ctx, params.warmup, params.cache_ram_mib, params.verbosity = 1, 4096, False, 0, -1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = physical_cores()
    params.no_extra_bufts = not repack
    if not flash:
        params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
    return xllamacpp.Server(params)


def outputs(path: Path, texts: list[str], *, repack: bool, flash: bool) -> dict[str, str]:
    running = server(path, repack=repack, flash=flash)
    out = {}
    for text in texts:
        request = Request(
            id="",
            task=Task.TRANSLATE,
            text=text,
            messages=prompts.messages(text, Field.SENTENCE, examples=0),
            constraint=Constraint.NO_HAN,
            max_tokens=200,
        )
        body = {**_body(request), "stream": False}
        body.pop("stream_options")
        out[text] = running.handle_chat_completions(body)["choices"][0]["message"]["content"]
    return out


def main() -> None:
    """Run all four settings and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("issue", type=Path, nargs="?", default=Path("examples/qinghe-county-daily.txt"))
    parser.add_argument("--sentences", type=int, default=8)
    args = parser.parse_args()
    path = Store().resolve(load(preset(None)).translate_engine.model)[0]
    issue = segment(read_issue(args.issue, IngestConfig()), SegmentConfig())
    texts = [s.text for u in issue.units for b in u.blocks for s in b.sentences if 15 < len(s.text) < 90][: args.sentences]
    for repack, flash in ((True, True), (False, True), (True, False), (False, False)):
        forward = outputs(path, texts, repack=repack, flash=flash)
        back = outputs(path, texts[::-1], repack=repack, flash=flash)
        changed = sum(forward[t] != back[t] for t in texts)
        print(f"repacking {'on ' if repack else 'off'}  flash attention {'on ' if flash else 'off'}  {changed} of {len(texts)} differ")


if __name__ == "__main__":
    main()
