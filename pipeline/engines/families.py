"""What each family of seq2seq checkpoints expects: language codes, prefixes, forced tokens, limits.

One row of ``FAMILIES`` per family.  A checkpoint is matched by ``model_type`` in its ``config.json``;
where one model type serves several families (NLLB is an M2M100 model, MADLAD-400 a T5 model) the
tokenizer decides.  The ``source`` of each row is where its values are documented.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from pipeline.engines.base import Task
from pipeline.errors import ModelError


@dataclass(frozen=True)
class Route:
    """How one task is asked for."""

    source_code: str | None = None
    """Language code set on the tokenizer before encoding; ``None``: the family has none."""
    target_token: str | None = None
    """Vocabulary entry forced as the first output token; ``None``: nothing is forced."""
    prefix: str = ""
    """Put before the source text."""


@dataclass(frozen=True)
class Family:
    """One row of the table."""

    name: str
    model_type: str
    routes: dict[Task, Route]
    """Tasks it serves; a task without a route is refused."""
    tokenizer_files: tuple[tuple[str, ...], ...]
    """Alternatives; one whole group must be in the folder."""
    marker: str | None = None
    """Vocabulary entry that tells this family from others of the same model type."""
    positions: int | None = None
    """Longest sequence in tokens where ``config.json`` states none (relative positions have no hard end)."""
    half: str = "float16"
    """16-bit type on a GPU.  T5 models overflow in float16 and want bfloat16."""
    source: str = ""


_SPIECE: Final = (("tokenizer.json",), ("spiece.model",))
_BPE: Final = (("tokenizer.json",), ("sentencepiece.bpe.model",))

FAMILIES: Final[tuple[Family, ...]] = (
    Family(
        name="marian",
        model_type="marian",
        # A checkpoint with several target languages wants ">>eng<<" first; ``route`` adds it where the vocabulary has it.
        routes={Task.TRANSLATE: Route()},
        tokenizer_files=(("source.spm", "target.spm", "vocab.json"),),
        source="https://huggingface.co/docs/transformers/model_doc/marian",
    ),
    Family(
        name="nllb",
        model_type="m2m_100",
        routes={
            Task.TRANSLATE: Route(source_code="zho_Hans", target_token="eng_Latn"),
        },
        # Its SentencePiece model alone lacks the language codes.
        tokenizer_files=(("tokenizer.json",),),
        marker="zho_Hans",
        positions=1024,
        source="https://huggingface.co/docs/transformers/model_doc/nllb",
    ),
    Family(
        name="m2m100",
        model_type="m2m_100",
        routes={Task.TRANSLATE: Route(source_code="zh", target_token="__en__")},
        tokenizer_files=(("vocab.json", "sentencepiece.bpe.model"),),
        marker="__zh__",
        positions=1024,
        source="https://huggingface.co/docs/transformers/model_doc/m2m_100",
    ),
    Family(
        name="mbart50",
        model_type="mbart",
        routes={
            Task.TRANSLATE: Route(source_code="zh_CN", target_token="en_XX"),
            Task.SUMMARISE: Route(source_code="zh_CN", target_token="zh_CN"),
        },
        tokenizer_files=_BPE,
        # One of the codes that mBART-50 added: mBART-25 puts its codes elsewhere and is no translator.
        marker="sl_SI",
        positions=1024,
        source="https://huggingface.co/docs/transformers/model_doc/mbart (MBart-50)",
    ),
    Family(
        name="madlad400",
        model_type="t5",
        routes={Task.TRANSLATE: Route(prefix="<2en> ")},
        tokenizer_files=_SPIECE,
        marker="<2en>",
        positions=512,
        half="bfloat16",
        source="https://huggingface.co/docs/transformers/model_doc/madlad-400",
    ),
    Family(
        name="t5",
        model_type="t5",
        # The prefix is the checkpoint's own business: ``task_specific_params`` in its config.json, or ``prefix`` in ours.
        routes={Task.TRANSLATE: Route(), Task.SUMMARISE: Route()},
        tokenizer_files=_SPIECE,
        positions=512,
        half="bfloat16",
        source="https://huggingface.co/docs/transformers/model_doc/t5",
    ),
    Family(
        name="mt5",
        model_type="mt5",
        routes={Task.TRANSLATE: Route(), Task.SUMMARISE: Route()},
        tokenizer_files=_SPIECE,
        # XL-Sum checkpoints were trained on sources of 512 tokens.
        positions=512,
        half="bfloat16",
        source="https://huggingface.co/docs/transformers/model_doc/mt5; https://huggingface.co/csebuetnlp/mT5_multilingual_XLSum",
    ),
    Family(
        name="bart",
        model_type="bart",
        routes={Task.SUMMARISE: Route()},
        # Chinese BART checkpoints carry a BERT vocabulary.
        tokenizer_files=(("tokenizer.json",), ("vocab.txt",), ("vocab.json", "merges.txt")),
        positions=1024,
        source="https://huggingface.co/docs/transformers/model_doc/bart; https://huggingface.co/fnlp/bart-base-chinese",
    ),
    Family(
        name="pegasus",
        model_type="pegasus",
        routes={Task.SUMMARISE: Route()},
        # Chinese ones carry a BERT vocabulary; those of the Randeng kind cut words first (``wordpiece``).
        tokenizer_files=(*_SPIECE, ("vocab.txt",)),
        positions=512,
        half="bfloat16",
        source="https://huggingface.co/docs/transformers/model_doc/pegasus; "
        "https://huggingface.co/IDEA-CCNL/Randeng-Pegasus-523M-Summary-Chinese",
    ),
)


def model_types() -> tuple[str, ...]:
    """Every ``model_type`` some family serves, sorted."""
    return tuple(sorted({family.model_type for family in FAMILIES}))


def candidates(model_type: str) -> tuple[Family, ...]:
    """The families that share a model type; empty where none does."""
    return tuple(family for family in FAMILIES if family.model_type == model_type)


def identify(model_type: str, vocabulary: Collection[str]) -> Family:
    """The family of a checkpoint.

    Args:
        model_type: From ``config.json``.
        vocabulary: Every token string of its tokenizer.

    Raises:
        ModelError: no family fits, so languages and prefixes would be guesses.
    """
    rows = candidates(model_type)
    for family in rows:
        if family.marker is None or family.marker in vocabulary:
            return family
    wanted = ", ".join(f"'{family.marker}'" for family in rows)
    if not rows:
        raise ModelError(
            f"Checkpoints of type '{model_type}' are not supported.",
            hint=f"Supported types: {', '.join(model_types())}.",
        )
    raise ModelError(
        f"The tokenizer does not fit the model: a '{model_type}' checkpoint needs one of the tokens {wanted}.",
        hint="Take tokenizer and weights from the same revision of the same repository.",
    )


@dataclass(frozen=True)
class Settings:
    """Decoding values a checkpoint was published with."""

    length_penalty: float = 1.0
    no_repeat_ngram: int = 0
    suppress: tuple[int, ...] = field(default=())
    """Token ids never written (Marian's padding)."""


def route(family: Family, task: Task, vocabulary: Collection[str], config: dict[str, Any], prefix: str | None) -> Route:
    """How this checkpoint is asked for ``task``.

    Args:
        family: Row of the table.
        task: What is wanted.
        vocabulary: Every token string of the tokenizer.
        config: The checkpoint's ``config.json``.
        prefix: The operator's own prefix; ``None`` leaves it to the checkpoint.

    Raises:
        ModelError: the family does not serve the task.
    """
    found = family.routes.get(task)
    if found is None:
        serves = ", ".join(sorted(t.value for t in family.routes))
        raise ModelError(
            f"A {family.name} checkpoint cannot {task.value}; it serves: {serves}.",
            hint="Name another model for this task (translate_engine and summarise_engine are set apart).",
        )
    if prefix is not None:
        return Route(found.source_code, found.target_token, prefix)
    if family.name == "marian" and ">>eng<<" in vocabulary:
        return Route(found.source_code, found.target_token, ">>eng<< ")
    if family.name == "t5":
        return Route(found.source_code, found.target_token, _own_prefix(config, task))
    return found


def _own_prefix(config: dict[str, Any], task: Task) -> str:
    params = config.get("task_specific_params") or {}
    names = ("translation_zh_to_en",) if task is Task.TRANSLATE else ("summarization",)
    for name in names:
        if isinstance(params.get(name), dict):
            return str(params[name].get("prefix", ""))
    return ""


def settings(config: dict[str, Any], generation: dict[str, Any]) -> Settings:
    """Decoding values from ``generation_config.json`` or, in older checkpoints, ``config.json``."""

    def value(name: str, default: Any) -> Any:
        found = generation.get(name, config.get(name))
        return default if found is None else found

    bad = value("bad_words_ids", ())
    return Settings(
        length_penalty=float(value("length_penalty", 1.0)),
        no_repeat_ngram=int(value("no_repeat_ngram_size", 0)),
        suppress=tuple(sorted({int(ids[0]) for ids in bad if len(ids) == 1})),
    )
