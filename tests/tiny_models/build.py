"""Trains the tiny checkpoints: real SentencePiece tokenizers, ``save_pretrained``, safetensors.

Each takes a few seconds and is kept under the temporary directory, in a folder named after the
digest of this package's sources and the library versions, so a change trains anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.tiny_models.corpus import PAIRS, SUMMARIES
from tests.tiny_models.tokenizers import marian_tokenizer, sentencepiece_model

Pairs = Sequence[tuple[str, str]]


def cached(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of checkpoint ``name``, trained now unless an earlier run left it.

    Two processes may train at once: each works in a folder of its own, and the first rename wins.
    """
    import torch
    import transformers

    digest = hashlib.sha256(f"{torch.__version__} {transformers.__version__}".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    root = Path(tempfile.gettempdir()) / f"newsdesk-tiny-{os.getuid()}" / digest.hexdigest()[:16]
    done = root / name
    if done.is_dir():
        return done
    root.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f"{name}.", dir=root))
    make(work)
    try:
        work.rename(done)
    except OSError:
        shutil.rmtree(work, ignore_errors=True)
    return done


def train(model: Any, encode: Callable[[Pairs], dict[str, Any]], pairs: Pairs, *, steps: int, rate: float, until: float = 0.01) -> None:
    """Fit ``pairs`` by full-batch Adam until every token is certain (loss below ``until``) or ``steps`` have passed.

    Raises:
        RuntimeError: the set was not learnt, so the checkpoint would prove nothing.
    """
    import torch

    batch = encode(pairs)
    # Matrices this small gain nothing from a second thread, and lose much on a busy machine.
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    model.train()
    optimiser = torch.optim.Adam(model.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, start_factor=0.05, total_iters=20)
    loss = torch.tensor(float("inf"))
    for _ in range(steps):
        loss = model(**batch).loss
        if loss.item() < until:
            break
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
    model.eval()
    torch.set_num_threads(threads)
    if loss.item() >= 0.05:
        raise RuntimeError(f"The tiny model did not learn its set: loss {loss.item():.3f}.")


def labels(tokenizer: Any, texts: Sequence[str], pad: int) -> Any:
    ids = tokenizer(text_target=list(texts), padding=True, return_tensors="pt").input_ids
    return ids.masked_fill(ids == pad, -100)


def marian(folder: Path, pairs: Pairs = PAIRS, *, until: float = 0.01) -> None:
    """A Marian zh-en checkpoint that knows ``pairs`` by heart; long ones want a smaller loss to survive int8."""
    import torch
    from transformers import MarianConfig, MarianMTModel

    torch.manual_seed(7)
    tokenizer = marian_tokenizer(folder, [zh for zh, _ in pairs], [en for _, en in pairs], pieces=400)
    size = len(tokenizer)
    pad = size - 1
    config = MarianConfig(
        vocab_size=size,
        d_model=96,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=192,
        decoder_ffn_dim=192,
        max_position_embeddings=512,
        activation_function="swish",
        scale_embedding=True,
        static_position_embeddings=True,
        normalize_before=False,
        normalize_embedding=False,
        dropout=0.0,
        attention_dropout=0.0,
        activation_dropout=0.0,
        pad_token_id=pad,
        eos_token_id=0,
        bos_token_id=0,
        decoder_start_token_id=pad,
        forced_eos_token_id=0,
        num_beams=4,
    )
    model = MarianMTModel(config)
    model.generation_config.bad_words_ids = [[pad]]
    # As in every published Marian checkpoint: decoding starts from a zero vector, and training leaves it zero.
    embedding = model.get_input_embeddings().weight
    with torch.no_grad():
        embedding[pad].zero_()
    keep = torch.ones(size, 1)
    keep[pad] = 0
    embedding.register_hook(lambda gradient: gradient * keep)

    def encode(rows: Pairs) -> dict[str, Any]:
        batch = dict(tokenizer([zh for zh, _ in rows], padding=True, return_tensors="pt"))
        return {**batch, "labels": labels(tokenizer, [en for _, en in rows], pad)}

    train(model, encode, pairs, steps=600, rate=3e-3, until=until)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def m2m100(folder: Path, pairs: Pairs = PAIRS) -> None:
    """An M2M100 checkpoint with the real language codes."""
    import sentencepiece
    import torch
    from transformers import M2M100Config, M2M100ForConditionalGeneration, M2M100Tokenizer

    torch.manual_seed(7)
    path = sentencepiece_model(folder, "sentencepiece.bpe", [text for pair in pairs for text in pair], model_type="bpe", vocab_size=700)
    model_pieces = sentencepiece.SentencePieceProcessor(model_file=str(path))
    pieces = ["<s>", "<pad>", "</s>", "<unk>", *(model_pieces.id_to_piece(i) for i in range(3, model_pieces.vocab_size()))]
    (folder / "vocab.json").write_text(json.dumps({p: i for i, p in enumerate(pieces)}, ensure_ascii=False), encoding="utf-8")
    tokenizer = M2M100Tokenizer(str(folder / "vocab.json"), str(path), src_lang="zh", tgt_lang="en")
    config = M2M100Config(
        # Pieces, then the language codes, then eight spare rows ("madeupword"), as in the published checkpoints.
        vocab_size=len(pieces) + len(tokenizer.lang_code_to_id) + 8,
        d_model=96,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=192,
        decoder_ffn_dim=192,
        max_position_embeddings=512,
        dropout=0.0,
        attention_dropout=0.0,
        activation_dropout=0.0,
        encoder_layerdrop=0.0,
        decoder_layerdrop=0.0,
        scale_embedding=True,
    )
    model = M2M100ForConditionalGeneration(config)

    def encode(rows: Pairs) -> dict[str, Any]:
        batch = dict(tokenizer([zh for zh, _ in rows], padding=True, return_tensors="pt"))
        return {**batch, "labels": labels(tokenizer, [en for _, en in rows], 1)}

    train(model, encode, pairs, steps=600, rate=3e-3)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def mt5(folder: Path, pairs: Pairs = SUMMARIES) -> None:
    """An mT5 checkpoint that summarises Chinese."""
    import torch
    from transformers import MT5Config, MT5ForConditionalGeneration, T5Tokenizer

    torch.manual_seed(7)
    path = sentencepiece_model(
        folder, "spiece", [text for pair in pairs for text in pair], pad_id=0, eos_id=1, unk_id=2, bos_id=-1, vocab_size=300
    )
    tokenizer = T5Tokenizer.from_pretrained(str(path.parent), extra_ids=0)
    config = MT5Config(
        vocab_size=len(tokenizer) + 12,
        d_model=96,
        d_kv=24,
        d_ff=192,
        num_layers=2,
        num_decoder_layers=2,
        num_heads=4,
        dropout_rate=0.0,
        feed_forward_proj="gated-gelu",
        tie_word_embeddings=False,
        pad_token_id=0,
        eos_token_id=1,
        decoder_start_token_id=0,
    )
    model = MT5ForConditionalGeneration(config)

    def encode(rows: Pairs) -> dict[str, Any]:
        batch = tokenizer([body for body, _ in rows], padding=True, return_tensors="pt")
        return {
            "input_ids": batch.input_ids,
            "attention_mask": batch.attention_mask,
            "labels": labels(tokenizer, [short for _, short in rows], 0),
        }

    train(model, encode, pairs, steps=800, rate=3e-3)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


MAKERS: dict[str, Callable[[Path], None]] = {"marian": marian, "m2m100": m2m100, "mt5": mt5}


def tiny(name: str) -> Path:
    """The folder of a tiny checkpoint: ``marian``, ``m2m100`` or ``mt5``."""
    return cached(name, MAKERS[name])
