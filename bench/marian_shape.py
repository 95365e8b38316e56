"""A checkpoint with the exact shape of opus-mt-zh-en and random weights: the speed of the model, without the model.

Layers, widths, heads and the 65,001 entries of its vocabulary are those of the published config.json
(https://huggingface.co/Helsinki-NLP/opus-mt-zh-en); every decode runs to a fixed length.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.tiny_models.tokenizers import marian_tokenizer

VOCABULARY = 65_001


def build(folder: Path, chinese: Sequence[str], english: Sequence[str]) -> None:
    """Write the checkpoint; the tokenizers are trained on the texts, so token counts are realistic."""
    import torch
    from transformers import MarianConfig, MarianMTModel

    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = marian_tokenizer(folder, chinese, english, pieces=6000, entries=VOCABULARY)
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
