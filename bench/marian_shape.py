"""A checkpoint with the exact shape of opus-mt-zh-en and random weights: the speed of the model, without the model.

Layers, widths, heads and the 65,001 entries of its vocabulary are those of the published config.json
(https://huggingface.co/Helsinki-NLP/opus-mt-zh-en); every decode runs to a fixed length.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

VOCABULARY = 65_001
_HAN_FIRST = 0x4E00


def build(folder: Path, chinese: Sequence[str], english: Sequence[str]) -> None:
    """Write the checkpoint; the tokenizers are trained on the texts, so token counts are realistic."""
    import sentencepiece
    import torch
    from transformers import MarianConfig, MarianMTModel, MarianTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    pieces = ["</s>", "<unk>"]
    for name, lines in (("source", chinese), ("target", english)):
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(lines),
            model_prefix=str(folder / name),
            vocab_size=6000,
            hard_vocab_limit=False,
            character_coverage=1.0,
            minloglevel=2,
        )
        (folder / f"{name}.model").rename(folder / f"{name}.spm")
        (folder / f"{name}.vocab").unlink()
        model = sentencepiece.SentencePieceProcessor(model_file=str(folder / f"{name}.spm"))
        pieces += [model.id_to_piece(i) for i in range(3, model.vocab_size())]
    pieces = list(dict.fromkeys(pieces))
    # The rest of the vocabulary: one half Chinese, one half Latin, as in the published one.
    missing = VOCABULARY - 1 - len(pieces)
    filler = [f"{chr(_HAN_FIRST + i % 20_000)}{i}" if i % 2 else f"▁w{i}" for i in range(missing)]
    vocabulary = {piece: i for i, piece in enumerate([*pieces, *filler, "<pad>"])}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    tokenizer = MarianTokenizer(str(folder / "source.spm"), str(folder / "target.spm"), str(folder / "vocab.json"), model_max_length=512)
    torch.manual_seed(0)
    pad = VOCABULARY - 1
    config = MarianConfig(
        vocab_size=VOCABULARY,
        d_model=512,
        encoder_layers=6,
        decoder_layers=6,
        encoder_attention_heads=8,
        decoder_attention_heads=8,
        encoder_ffn_dim=2048,
        decoder_ffn_dim=2048,
        max_position_embeddings=512,
        activation_function="swish",
        scale_embedding=True,
        static_position_embeddings=True,
        pad_token_id=pad,
        eos_token_id=0,
        bos_token_id=0,
        decoder_start_token_id=pad,
        forced_eos_token_id=0,
    )
    model = MarianMTModel(config)
    model.generation_config.bad_words_ids = [[pad]]
    with torch.no_grad():
        model.get_input_embeddings().weight[pad].zero_()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
