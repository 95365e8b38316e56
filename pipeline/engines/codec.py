"""Text to token ids and back for one seq2seq checkpoint; what both seq2seq engines share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from pipeline.engines.base import Constraint, Task
from pipeline.engines.families import Family, Route, Settings, identify, model_types, route, settings
from pipeline.engines.wordpiece import VOCABULARY, open_wordpiece
from pipeline.errors import ModelError
from pipeline.models.safety import check_seq2seq, check_vocabulary, read_json
from pipeline.records import Record

HAN: Final = re.compile(r"[\u2e80-\u2fdf\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff65\U00020000-\U0003ffff]")
"""Chinese characters, Chinese punctuation and full-width forms: what ``Constraint.NO_HAN`` forbids."""
_HAN_LEAD_BYTE: Final = re.compile(r"<0x(E[3-9]|EF|F0)>")
"""Byte-fallback pieces that begin one of them in UTF-8."""
_NOT_BETWEEN_WORDS: Final = re.compile(r"(?<![0-9A-Za-z\u00c0-\u024f])\s+|\s+(?![0-9A-Za-z\u00c0-\u024f])")
"""Spaces that a BERT tokenizer puts around every Chinese character and every mark: ``3. 5 %``."""
_PROBE: Final = "汉字 word 12"
_ASCII_MARK: Final = re.compile(r"(?<=[\u4e00-\u9fff》”])[,;:?!)]|\((?=[\u4e00-\u9fff])")
_WIDE: Final = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
_UNLIMITED: Final = 1_000_000


class Encoded(Record, frozen=True):
    """A source text as the encoder takes it."""

    ids: tuple[int, ...]
    """Special tokens included."""
    cut: int
    """Source tokens that did not fit and were left out."""


class Codec:
    """Tokenizer, languages and limits of a checkpoint."""

    def __init__(self, folder: Path, config: dict[str, Any], tokenizer: Any, vocabulary: tuple[str, ...], prefix: str | None) -> None:
        self.folder: Final = folder
        self.config: Final = config
        self.tokenizer: Final = tokenizer
        self.vocabulary: Final = vocabulary
        """Every token string by id, as long as the model's embedding."""
        self.family: Final[Family] = identify(str(config["model_type"]), frozenset(vocabulary))
        self.settings: Final[Settings] = settings(config, read_json(folder / "generation_config.json", needed=False))
        self._prefix: Final = prefix
        self._ids: Final = {token: i for i, token in enumerate(vocabulary)}
        codes = {r.source_code for r in self.family.routes.values() if r.source_code}
        for code in codes:
            tokenizer.src_lang = code
        self.positions: Final = int(
            config.get("max_position_embeddings") or config.get("n_positions") or self.family.positions or 512,
        )
        """Longest sequence in tokens, special tokens included."""
        self._fixed: Final = {task: len(self._raw(self.route(task).prefix)) for task in self.family.routes}

    @classmethod
    def open(cls, folder: Path, *, prefix: str | None = None) -> Codec:
        """Check a checkpoint folder and load its tokenizer.

        Args:
            folder: The checkpoint.
            prefix: Put before every source text; ``None`` leaves it to the checkpoint and its family.

        Raises:
            ModelError: the folder is unsafe, incomplete, of an unsupported type, or tokenizer and weights do not fit.
        """
        config = check_seq2seq(folder, model_types())
        _need_tokenizer_files(folder, str(config["model_type"]))
        quiet()
        from transformers import AutoTokenizer

        try:
            if (folder / VOCABULARY).is_file() and config["model_type"] in ("bart", "pegasus"):
                tokenizer = open_wordpiece(folder, config)
            else:
                tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)
            reads = bool(tokenizer(_PROBE, add_special_tokens=False).input_ids)
        except Exception as exc:  # noqa: BLE001 - a damaged file can raise anything from three libraries
            raise ModelError(
                f"The tokenizer in {folder} cannot be loaded: {' '.join(str(exc).split())[:300]}",
                hint="Download the checkpoint's files again.",
            ) from None
        if not reads:
            raise ModelError(
                f"The tokenizer in {folder} reads nothing from a text: its files are not the model's.",
                hint="Take tokenizer and weights from the same revision of the same repository.",
            )
        if tokenizer.eos_token is None and tokenizer.sep_token is not None:
            # A BERT vocabulary on a BART model: its sentences end with [SEP].
            tokenizer.eos_token = tokenizer.sep_token
        if tokenizer.bos_token is None and tokenizer.cls_token is not None:
            tokenizer.bos_token = tokenizer.cls_token
        highest = max(tokenizer.get_vocab().values(), default=-1) + 1
        check_vocabulary(folder, config, highest, tokenizer.eos_token_id)
        # Some tokenizers declare their reach; longer texts are ours to cut and report, without a warning from the library.
        tokenizer.model_max_length = _UNLIMITED
        return cls(folder, config, tokenizer, full_vocabulary(tokenizer, int(config["vocab_size"])), prefix)

    def route(self, task: Task) -> Route:
        """How the checkpoint is asked for ``task``.

        Raises:
            ModelError: it does not serve the task.
        """
        return route(self.family, task, self._ids, self.config, self._prefix)

    @property
    def eos(self) -> int:
        return int(self.tokenizer.eos_token_id)

    @property
    def pad(self) -> int:
        pad = self.tokenizer.pad_token_id
        return int(self.config.get("pad_token_id", 0) if pad is None else pad)

    def start_ids(self, task: Task) -> tuple[int, tuple[int, ...]]:
        """The decoder's start token, and the language token forced after it (none in most families)."""
        start = self.config.get("decoder_start_token_id")
        target = self.route(task).target_token
        return int(self.eos if start is None else start), () if target is None else (self._ids[target],)

    def max_input(self) -> int:
        """Source tokens that fit, special tokens and prefix taken off."""
        return self.positions - max(self._fixed.values())

    def max_output(self) -> int:
        """Output tokens that fit, end of sentence included."""
        return self.positions - 1 - max(len(self.start_ids(task)[1]) for task in self.family.routes)

    def count(self, texts: Sequence[str]) -> tuple[int, ...]:
        """Source tokens of each text, without prefix or special tokens."""
        if not texts:
            return ()
        return tuple(len(ids) for ids in self.tokenizer(list(texts), add_special_tokens=False).input_ids)

    def encode(self, text: str, task: Task) -> Encoded:
        """The encoder's input; whatever does not fit is cut from the end and counted."""
        prefix = self.route(task).prefix
        ids = self._raw(prefix + text)
        cut = len(ids) - self.positions
        if cut <= 0:
            return Encoded(ids=tuple(ids), cut=0)
        kept = self.tokenizer(prefix + text, truncation=True, max_length=self.positions).input_ids
        return Encoded(ids=tuple(kept), cut=cut)

    def _raw(self, text: str) -> list[int]:
        return list(self.tokenizer(text).input_ids)

    def decode(self, ids: Sequence[int], task: Task) -> str:
        """The text of output tokens, special tokens dropped.

        Most SentencePiece vocabularies were trained on NFKC text, where ，；：？！（） are ASCII marks: in
        Chinese output those beside a Chinese character are put back.
        """
        # Marian has one SentencePiece model per language, and transformers decodes with the source's unless told.
        own = {"use_source_tokenizer": False} if self.family.name == "marian" else {}
        text: str = self.tokenizer.decode(list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False, **own)
        if "[SEP]" in self._ids:
            # A BERT vocabulary: only between two Latin words does a space mean anything.
            text = _NOT_BETWEEN_WORDS.sub("", text)
        if task is Task.SUMMARISE:
            text = _ASCII_MARK.sub(lambda mark: _WIDE[mark.group()], text)
        return text.strip()

    def tokens(self, ids: Sequence[int]) -> list[str]:
        """Token strings of ids."""
        return [self.vocabulary[i] for i in ids]

    def ids(self, tokens: Sequence[str]) -> list[int]:
        """Ids of token strings that came out of the vocabulary."""
        return [self._ids[token] for token in tokens]

    def suppressed(self, constraint: Constraint) -> tuple[int, ...]:
        """Token ids that may not be written, sorted: padding and unknown always, Chinese where forbidden."""
        never = {self.pad, *self.settings.suppress}
        if self.tokenizer.unk_token_id is not None:
            # An unknown token would vanish from the text without a trace.
            never.add(int(self.tokenizer.unk_token_id))
        never.discard(self.eos)
        return tuple(sorted(never | self._han)) if constraint is Constraint.NO_HAN else tuple(sorted(never))

    @cached_property
    def _han(self) -> frozenset[int]:
        return frozenset(i for i, token in enumerate(self.vocabulary) if HAN.search(token) or _HAN_LEAD_BYTE.fullmatch(token))


def full_vocabulary(tokenizer: Any, size: int) -> tuple[str, ...]:
    """Every token string by id, ``size`` of them.

    ``get_vocab`` leaves out M2M100's language codes, and embeddings have spare rows no token uses;
    those get a name of their own.
    """
    names = {i: token for token, i in tokenizer.get_vocab().items()}
    names.update(getattr(tokenizer, "id_to_lang_token", {}))
    taken = set(names.values())
    out = []
    for i in range(size):
        name = names.get(i)
        if name is None:
            name = f"<spare_{i}>"
            if name in taken:
                raise ModelError(f"The vocabulary already has a token {name}.", hint="This tokenizer cannot be used.")
        out.append(name)
    return tuple(out)


def quiet() -> None:
    """Keep transformers' progress bars and advice out of the operator's terminal."""
    import warnings

    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")


def _need_tokenizer_files(folder: Path, model_type: str) -> None:
    from pipeline.engines.families import candidates

    groups = [group for family in candidates(model_type) for group in family.tokenizer_files]
    if any(all((folder / name).is_file() for name in group) for group in groups):
        return
    best = min(groups, key=lambda group: sum(not (folder / name).is_file() for name in group))
    missing = [name for name in best if not (folder / name).is_file()]
    raise ModelError(
        f"{folder} is not a complete checkpoint: the tokenizer's {', '.join(missing)} is missing.",
        hint="Copy every file of the model's repository into that folder.",
    )
