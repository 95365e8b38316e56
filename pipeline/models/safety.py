"""Whether a checkpoint folder may be loaded at all.

Nothing here imports a model library or executes anything of the checkpoint: only JSON and the
headers of ``safetensors`` files are read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Final

from pipeline.errors import ModelError

PICKLED: Final = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")
"""Weights in these formats can run code while they load."""
OTHER_WEIGHTS: Final = (".h5", ".msgpack", ".ot", ".onnx", ".gguf")
_LAYER: Final = re.compile(r"\.(layers?|block)\.\d+\.")
_MAX_JSON_BYTES: Final = 64_000_000


def read_json(path: Path, *, needed: bool = True) -> dict[str, Any]:
    """A JSON object from a checkpoint folder; empty where the file is absent and not needed.

    Raises:
        ModelError: the file is missing, too large, or not a JSON object.
    """
    if not path.is_file():
        if not needed:
            return {}
        raise ModelError(
            f"{path.parent} is not a complete checkpoint: {path.name} is missing.",
            hint="Copy every file of the model's repository into that folder, or run: pipeline models pull",
        )
    try:
        if path.stat().st_size > _MAX_JSON_BYTES:
            raise ValueError("too large")
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as exc:
        raise ModelError(f"{path} cannot be read as JSON: {exc}.", hint="Download the file again.") from None
    if not isinstance(data, dict):
        raise ModelError(f"{path} must hold a JSON object.", hint="Download the file again.")
    return data


def check_seq2seq(folder: Path, model_types: Sequence[str]) -> dict[str, Any]:
    """Refuse a folder that is unsafe, incomplete or no seq2seq checkpoint.

    Args:
        folder: Holds ``config.json``, ``*.safetensors`` and the tokenizer's files.
        model_types: The ``model_type`` values the engines serve.

    Returns:
        The content of ``config.json``.

    Raises:
        ModelError: what is wrong, and what to do about it.
    """
    if not folder.is_dir():
        raise ModelError(
            f"There is no checkpoint folder {folder}.",
            hint="Put the model's files (config.json, *.safetensors, tokenizer) there, or run: pipeline models pull",
        )
    config = read_json(folder / "config.json")
    refuse_own_code(folder)
    _check_type(folder, config, model_types)
    _check_weights(folder)
    return config


def refuse_own_code(folder: Path) -> None:
    """Refuse a checkpoint that wants code of its own to be run.

    Raises:
        ModelError: some JSON file of it has an ``auto_map``.
    """
    for name in ("config.json", "tokenizer_config.json", "processor_config.json", "generation_config.json"):
        data = read_json(folder / name, needed=False)
        if data.get("auto_map") or data.get("custom_pipelines"):
            raise ModelError(
                f"{folder} asks to run Python code of its own ({name}: auto_map); that is refused.",
                hint="Use a checkpoint whose architecture is part of the transformers library.",
            )


def _check_type(folder: Path, config: dict[str, Any], model_types: Sequence[str]) -> None:
    model_type = str(config.get("model_type") or "")
    architectures = [str(name) for name in config.get("architectures") or ()]
    causal = any(name.endswith(("ForCausalLM", "LMHeadModel")) for name in architectures)
    if causal or (model_type not in model_types and config.get("is_encoder_decoder") is not True):
        raise ModelError(
            f"{folder} holds a '{model_type or 'unknown'}' model{f' ({architectures[0]})' if architectures else ''}, not a seq2seq one.",
            hint="A chat model runs as a GGUF file on the llamacpp engine; the seq2seq engines take: " + ", ".join(model_types) + ".",
        )
    if model_type not in model_types:
        raise ModelError(
            f"Checkpoints of type '{model_type}' are not supported ({folder}).", hint=f"Supported types: {', '.join(model_types)}."
        )


def _check_weights(folder: Path) -> None:
    shards = _shards(folder)
    if not shards:
        names = sorted(p.name for p in folder.iterdir() if p.is_file())
        pickled = [name for name in names if name.endswith(PICKLED)]
        if pickled:
            raise ModelError(
                f"{folder} has its weights only as a pickle ({pickled[0]}), which can run code while it loads; that is refused.",
                hint="Take a revision that has model.safetensors, or one proposed by the hub conversion bot (refs/pr/N).",
            )
        other = [name for name in names if name.endswith(OTHER_WEIGHTS)]
        found = f"; {other[0]} is of another format" if other else ""
        raise ModelError(f"{folder} has no model.safetensors{found}.", hint="Copy the model's *.safetensors files into that folder.")
    for shard in shards:
        if not shard.is_file():
            raise ModelError(f"{folder} is not a complete checkpoint: {shard.name} is missing.", hint="Copy that file into the folder.")
        tensor_shapes(shard)


def _shards(folder: Path) -> list[Path]:
    index = folder / "model.safetensors.index.json"
    if index.is_file():
        listed = read_json(index).get("weight_map")
        if not isinstance(listed, dict) or not listed:
            raise ModelError(f"{index} lists no weights.", hint="Download the file again.")
        names = set(map(str, listed.values()))
        for name in names:
            if Path(name).name != name:
                raise ModelError(f"{index} points outside its folder ({name}); that is refused.", hint="Download the checkpoint again.")
        return [folder / name for name in sorted(names)]
    single = folder / "model.safetensors"
    return [single] if single.is_file() else []


def tensor_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """Name and shape of every tensor in a safetensors file; its header and length are checked.

    Raises:
        ModelError: the file is damaged or was not downloaded to its end.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="numpy") as file:
            return {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118 - not a dict
    except (SafetensorError, OSError) as exc:
        raise ModelError(f"{path} is damaged or incomplete: {exc}.", hint="Download the file again and compare its digest.") from None


def check_loaded(folder: Path, missing: Collection[str], unexpected: Collection[str]) -> None:
    """Refuse weights that are not those of the model in ``config.json``; the library would fill gaps with random numbers.

    Args:
        folder: The checkpoint.
        missing: Tensors the model has and the files lack.
        unexpected: Tensors the files have and the model lacks.  Some checkpoints carry a buffer too many; a whole layer too
            many means that the configuration is another model's.

    Raises:
        ModelError: tensors are missing, or layers would be left out.
    """
    layers = [name for name in unexpected if _LAYER.search(name)]
    if not missing and not layers:
        return
    found = f"{min(missing)} is missing" if missing else f"{min(layers)} has no place in it"
    raise ModelError(
        f"The weights in {folder} cannot be loaded: they do not fit its config.json ({found}).",
        hint="Take all files from the same revision of the same repository.",
    )


def check_vocabulary(folder: Path, config: dict[str, Any], tokenizer_size: int, eos: int | None) -> None:
    """Refuse a tokenizer that was not made for these weights.

    Args:
        folder: The checkpoint.
        config: Its ``config.json``.
        tokenizer_size: Highest token id of the tokenizer plus one.
        eos: The tokenizer's end-of-sequence id.

    Raises:
        ModelError: ids would point outside the embedding or sentences would never end.
    """
    size = int(config.get("vocab_size") or 0)
    hint = "Take tokenizer and weights from the same revision of the same repository."
    if tokenizer_size > size:
        raise ModelError(
            f"The tokenizer in {folder} does not fit the model: it has {tokenizer_size} tokens, the model knows {size}.", hint=hint
        )
    ends: Any = config.get("eos_token_id")
    stated = ends[0] if isinstance(ends, list) and ends else ends
    if stated is not None and eos is not None and int(stated) != eos:
        raise ModelError(
            f"The tokenizer in {folder} does not fit the model: it ends a sentence with token {eos}, the model with {stated}.", hint=hint
        )
    # Spare rows are usual (mT5 has 12, M2M100 8, models padded for the hardware up to a few hundred).
    if tokenizer_size and size - tokenizer_size > max(1024, size // 4):
        raise ModelError(
            f"The tokenizer in {folder} does not fit the model: it has {tokenizer_size} tokens, the model knows {size}.", hint=hint
        )
