"""Tokenizers of Chinese checkpoints that carry a BERT vocabulary (``vocab.txt``).

transformers picks a tokenizer by the model's type, and for BART or Pegasus that is never BERT's: such a
checkpoint would load with a byte-level tokenizer that reads every Chinese text as empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from pipeline.records import Record

VOCABULARY: Final = "vocab.txt"
_RENAMED: Final = {"[PAD]": "<pad>", "[unused1]": "</s>", "[unused2]": "<mask_1>", "[unused3]": "<mask_2>", "[UNK]": "<unk>"}
"""What Randeng-Pegasus calls the entries of its BERT vocabulary."""


class Ids(Record, frozen=True):
    """What a tokenizer returns, as far as the codec looks at it."""

    input_ids: list[Any]


def open_wordpiece(folder: Path, config: dict[str, Any]) -> Any:
    """The tokenizer of a checkpoint with a BERT vocabulary.

    Args:
        folder: Holds ``vocab.txt``.
        config: Its ``config.json``.  A Pegasus model that ends its sentences with the vocabulary's ``[unused1]`` is of the
            Randeng kind (https://huggingface.co/IDEA-CCNL/Randeng-Pegasus-523M-Summary-Chinese): texts are cut into words
            first, and a word that the vocabulary has is one token.

    Raises:
        Exception: whatever the libraries raise over a damaged file.
    """
    from transformers import BertTokenizer

    # The line's number is the id: an empty line in the middle counts, and other line separators may be entries.
    entries = (folder / VOCABULARY).read_text(encoding="utf-8").removesuffix("\n").split("\n")
    if config["model_type"] == "pegasus" and entries[config.get("eos_token_id", 0)] == "[unused1]":
        return JiebaTokenizer([_RENAMED.get(entry, entry) for entry in entries])
    return BertTokenizer.from_pretrained(str(folder), local_files_only=True)


class JiebaTokenizer:
    """Words by jieba, without guessing at unknown ones, then BERT's pieces for those the vocabulary lacks; ``</s>`` at the end.

    As published for these checkpoints: Fengshenbang-LM, fengshen/examples/pegasus/tokenizers_pegasus.py.  All else (ids,
    special tokens, decoding) is the wrapped transformers tokenizer's.
    """

    def __init__(self, entries: Sequence[str]) -> None:
        from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers
        from transformers import PreTrainedTokenizerFast

        self._vocabulary: Final = {entry: number for number, entry in enumerate(entries)}
        names = {"unk_token": "<unk>", "pad_token": "<pad>", "eos_token": "</s>"}
        backend = Tokenizer(models.WordPiece(self._vocabulary, unk_token=names["unk_token"]))
        backend.normalizer = normalizers.BertNormalizer(lowercase=True)
        backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        backend.decoder = decoders.WordPiece(cleanup=False)
        special = [name for name in ("<mask_1>", "<mask_2>", "[CLS]", "[SEP]") if name in self._vocabulary]
        self._inner: Final[Any] = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
            tokenizer_object=backend, additional_special_tokens=special, **names
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def __call__(
        self, text: str | list[str], *, add_special_tokens: bool = True, truncation: bool = False, max_length: int | None = None
    ) -> Ids:
        """Token ids of a text, or of each of several; ``max_length`` counts the end of sentence."""
        if not isinstance(text, str):
            return Ids([self(one, add_special_tokens=add_special_tokens).input_ids for one in text])
        ids = self._ids(text)
        end = [self._vocabulary["</s>"]] if add_special_tokens else []
        if truncation and max_length is not None:
            ids = ids[: max(0, max_length - len(end))]
        return Ids(ids + end)

    def _ids(self, text: str) -> list[int]:
        import rjieba

        ids: list[int] = []
        for word in rjieba.cut(text, hmm=False):
            known = self._vocabulary.get(word)
            ids += self._inner(word, add_special_tokens=False).input_ids if known is None else [known]
        return ids
