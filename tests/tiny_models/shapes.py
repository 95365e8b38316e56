"""Checkpoints of every other family: real tokenizers and file layouts, random weights.

They know no language; two engines must still write the same tokens from them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.tiny_models.build import cached
from tests.tiny_models.corpus import PAIRS
from tests.tiny_models.tokenizers import sentencepiece_model

LINES = [text for pair in PAIRS for text in pair]
_SMALL: dict[str, Any] = {
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "max_position_embeddings": 128,
    "dropout": 0.0,
}
_SMALL_T5: dict[str, Any] = {
    "d_model": 32,
    "d_kv": 8,
    "d_ff": 64,
    "num_layers": 2,
    "num_decoder_layers": 2,
    "num_heads": 4,
    "dropout_rate": 0.0,
}


def _save(folder: Path, model: Any, tokenizer: Any) -> None:
    import torch

    # Wider than the library's initial values, so that every step has a clear winner that depends on the source.
    torch.manual_seed(3)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.dim() > 1 and "position" not in name and "relative" not in name:
                weight.normal_(0.0, 0.35)
    model.eval().save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def nllb(folder: Path) -> None:
    from transformers import AddedToken, M2M100Config, M2M100ForConditionalGeneration, NllbTokenizer
    from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES

    sentencepiece_model(folder, "sentencepiece.bpe", LINES, model_type="bpe", vocab_size=700)
    tokenizer = NllbTokenizer.from_pretrained(str(folder))
    # The published tokenizer.json holds the language codes; the SentencePiece model alone does not.
    tokenizer.add_tokens([AddedToken(code, special=True) for code in FAIRSEQ_LANGUAGE_CODES], special_tokens=True)
    _save(folder, M2M100ForConditionalGeneration(M2M100Config(vocab_size=len(tokenizer) + 3, **_SMALL)), tokenizer)


def mbart50(folder: Path) -> None:
    from transformers import MBart50Tokenizer, MBartConfig, MBartForConditionalGeneration

    sentencepiece_model(folder, "sentencepiece.bpe", LINES)
    tokenizer = MBart50Tokenizer.from_pretrained(str(folder), src_lang="zh_CN", tgt_lang="en_XX")
    config = MBartConfig(
        vocab_size=len(tokenizer), decoder_start_token_id=2, scale_embedding=True, tokenizer_class="MBart50Tokenizer", **_SMALL
    )
    _save(folder, MBartForConditionalGeneration(config), tokenizer)


def _t5(folder: Path, *, own: tuple[str, ...], tied: bool, **extra: Any) -> None:
    from transformers import T5Config, T5ForConditionalGeneration, T5Tokenizer

    sentencepiece_model(folder, "spiece", LINES, pad_id=0, eos_id=1, unk_id=2, bos_id=-1, vocab_size=450, user_defined_symbols=list(own))
    tokenizer = T5Tokenizer.from_pretrained(str(folder), extra_ids=0)
    config = T5Config(vocab_size=len(tokenizer) + 28, decoder_start_token_id=0, tie_word_embeddings=tied, **{**_SMALL_T5, **extra})
    _save(folder, T5ForConditionalGeneration(config), tokenizer)
    if not tied:
        _untie(folder)


def _untie(folder: Path) -> None:
    """Give the output layer weights of its own and say so in ``config.json``, as T5 1.1 and mT5 checkpoints do."""
    import json

    import torch
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    torch.manual_seed(5)
    weights["lm_head.weight"] = torch.randn_like(weights["shared.weight"]) * 0.2
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, "tie_word_embeddings": False}), encoding="utf-8")


def t5(folder: Path) -> None:
    params = {"translation_zh_to_en": {"prefix": "translate Chinese to English: "}}
    _t5(folder, own=(), tied=True, task_specific_params=params)


def madlad(folder: Path) -> None:
    _t5(folder, own=("<2en>", "<2de>"), tied=False, feed_forward_proj="gated-gelu")


def mt5(folder: Path) -> None:
    from transformers import MT5Config, MT5ForConditionalGeneration, T5Tokenizer

    sentencepiece_model(folder, "spiece", LINES, pad_id=0, eos_id=1, unk_id=2, bos_id=-1, vocab_size=450)
    tokenizer = T5Tokenizer.from_pretrained(str(folder), extra_ids=0)
    config = MT5Config(vocab_size=len(tokenizer) + 12, decoder_start_token_id=0, feed_forward_proj="gated-gelu", **_SMALL_T5)
    _save(folder, MT5ForConditionalGeneration(config), tokenizer)
    _untie(folder)


BERT_TEXT = "全县2024年增长3.5%，共1,200吨（GDP达20亿元），8:30开会。"
_BERT_SPECIAL = ("[PAD]", "[unused1]", "[unused2]", "[unused3]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def _bert_vocabulary(folder: Path, *words: str) -> None:
    """A BERT vocabulary: one entry per character, pieces for digits and Latin letters, and whole ``words``."""
    characters = sorted({c for line in (*LINES, BERT_TEXT) for c in line.lower() if not c.isspace()})
    pieces = [f"##{c}" for c in characters if c.isascii() and c.isalnum()]
    (folder / "vocab.txt").write_text("\n".join([*_BERT_SPECIAL, *characters, *pieces, *words]) + "\n", encoding="utf-8")


def bart(folder: Path) -> None:
    """A Chinese BART: the vocabulary of BERT, one piece per character."""
    from transformers import BartConfig, BartForConditionalGeneration, BertTokenizer

    _bert_vocabulary(folder)
    tokenizer = BertTokenizer(str(folder / "vocab.txt"))
    config = BartConfig(
        vocab_size=len(tokenizer), pad_token_id=0, bos_token_id=5, eos_token_id=6, decoder_start_token_id=6, forced_eos_token_id=6, **_SMALL
    )
    _save(folder, BartForConditionalGeneration(config), tokenizer)


def pegasus(folder: Path) -> None:
    from transformers import PegasusConfig, PegasusForConditionalGeneration, PegasusTokenizer

    sentencepiece_model(folder, "spiece", LINES, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    tokenizer = PegasusTokenizer.from_pretrained(str(folder), offset=0, mask_token=None, mask_token_sent=None)
    config = PegasusConfig(vocab_size=len(tokenizer), pad_token_id=0, eos_token_id=1, decoder_start_token_id=0, **_SMALL)
    _save(folder, PegasusForConditionalGeneration(config), tokenizer)


def _chinese_pegasus(folder: Path, *, start: int, end: int) -> None:
    """Published as ``vocab.txt`` alone, which transformers' Pegasus tokenizer cannot read."""
    from transformers import BertTokenizer, PegasusConfig, PegasusForConditionalGeneration

    _bert_vocabulary(folder, "全县", "苹果", "增长", "丰收")
    tokenizer = BertTokenizer(str(folder / "vocab.txt"))
    config = PegasusConfig(vocab_size=len(tokenizer), pad_token_id=0, eos_token_id=end, decoder_start_token_id=start, **_SMALL)
    _save(folder, PegasusForConditionalGeneration(config), tokenizer)
    for path in folder.glob("tokenizer*.json"):
        path.unlink()


def pegasus_bert(folder: Path) -> None:
    """A Pegasus that decodes from [CLS] to [SEP]."""
    _chinese_pegasus(folder, start=5, end=6)


def pegasus_jieba(folder: Path) -> None:
    """A Pegasus of the Randeng kind: words by jieba, sentences end with the entry ``[unused1]``."""
    _chinese_pegasus(folder, start=0, end=1)


SHAPES: dict[str, Callable[[Path], None]] = {
    "nllb": nllb,
    "mbart50": mbart50,
    "t5": t5,
    "madlad400": madlad,
    "mt5": mt5,
    "bart": bart,
    "pegasus": pegasus,
    "pegasus_bert": pegasus_bert,
    "pegasus_jieba": pegasus_jieba,
}


def shaped(name: str) -> Path:
    """The folder of a random checkpoint of family ``name``."""
    return cached(f"shape-{name}", SHAPES[name])
