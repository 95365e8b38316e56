"""Real SentencePiece tokenizers for checkpoints that are made here: the tests' tiny ones and the benchmarks' full-size one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def sentencepiece_model(folder: Path, name: str, lines: Sequence[str], **options: Any) -> Path:
    """Train a unigram SentencePiece model that covers every character of ``lines``."""
    import sentencepiece

    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_prefix=str(folder / name),
        character_coverage=1.0,
        hard_vocab_limit=False,
        minloglevel=2,
        **{"vocab_size": 400, **options},
    )
    (folder / f"{name}.vocab").unlink()
    return folder / f"{name}.model"


def marian_tokenizer(folder: Path, chinese: Sequence[str], english: Sequence[str], *, pieces: int, entries: int | None = None) -> Any:
    """A Marian tokenizer as in the published checkpoints: two SentencePiece models, one vocabulary, ``<pad>`` last.

    Args:
        folder: Where its files go.
        chinese: Text the source's model is trained on.
        english: Text the target's model is trained on.
        pieces: Most pieces of each.
        entries: Size of the vocabulary; what is missing is filled up, half with Chinese entries and half with
            Latin ones.  ``None``: no filling.
    """
    import sentencepiece
    from transformers import MarianTokenizer

    known = ["</s>", "<unk>"]
    for name, lines in (("source", chinese), ("target", english)):
        sentencepiece_model(folder, name, lines, vocab_size=pieces).rename(folder / f"{name}.spm")
        model = sentencepiece.SentencePieceProcessor(model_file=str(folder / f"{name}.spm"))
        known += [model.id_to_piece(i) for i in range(3, model.vocab_size())]
    known = list(dict.fromkeys(known))
    filler = [f"{chr(0x4E00 + i % 20_000)}{i}" if i % 2 else f"▁w{i}" for i in range((entries or 0) - 1 - len(known))]
    vocabulary = {piece: i for i, piece in enumerate([*known, *filler, "<pad>"])}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    return MarianTokenizer(
        source_spm=str(folder / "source.spm"),
        target_spm=str(folder / "target.spm"),
        vocab=str(folder / "vocab.json"),
        source_lang="zho",
        target_lang="eng",
        model_max_length=512,
    )
