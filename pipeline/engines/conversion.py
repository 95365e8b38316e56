"""CTranslate2 models, converted once from a verified checkpoint and kept.

A conversion's folder name is the digest of the weights, the converter and the quantisation, so a
change of any of them converts anew and nothing stale is ever loaded.  The conversion runs in a
process of its own: its peak (the float32 weights and torch) is given back before decoding starts.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from pipeline.engines.base import Constraint
from pipeline.engines.codec import Codec
from pipeline.errors import ModelError
from pipeline.files import publish_folder, staged_folder
from pipeline.models.safety import check_loaded
from pipeline.models.store import default_root as models_root
from pipeline.records import ModelInfo

LAYOUT: Final = 2
"""Raised when what this module writes changes."""
_NORMS: Final = {"bart": (False, True), "mbart": (True, True), "pegasus": (True, False)}
"""Layer norm before (or after) each block, and a layer norm on the embeddings."""


def default_root() -> Path:
    """``converted/`` beside the models."""
    return models_root() / "converted"


def cache_key(model: ModelInfo, quantisation: str) -> str:
    """Digest of everything that shapes a conversion: weights, converter versions, quantisation, layout."""
    import ctranslate2
    import transformers

    parts = (model.sha256, ctranslate2.__version__, transformers.__version__, quantisation, str(LAYOUT))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def converted(folder: Path, model: ModelInfo, quantisation: str, root: Path) -> Path:
    """The CTranslate2 model of a checkpoint, converted now if it was not before.

    Args:
        folder: The checkpoint, already checked.
        model: Its identity; the digest keys the cache.
        quantisation: ``int8``, ``int8_float32``, ``int8_float16``, ``float16``, ``bfloat16`` or ``float32``.
        root: Where conversions are kept.

    Raises:
        ModelError: the conversion failed, or the disk is full.
    """
    from filelock import FileLock

    target = root / cache_key(model, quantisation)
    if (target / "model.bin").is_file():
        return target
    try:
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / f"{target.name}.lock"):
            # Another process may have finished it while this one waited.
            if not (target / "model.bin").is_file():
                with staged_folder(target) as work:
                    _in_own_process(folder, quantisation, work)
                    publish_folder(work, target)
    except OSError as exc:
        raise ModelError(
            f"The converted model cannot be kept in {root}: {exc.strerror or exc}.",
            hint="Free some space, or set PIPELINE_MODELS to another folder.",
        ) from None
    return target


def _in_own_process(folder: Path, quantisation: str, work: Path) -> None:
    with tempfile.TemporaryFile() as log:
        command = [sys.executable, "-m", "pipeline.engines.conversion", str(folder.resolve()), quantisation, str(work.resolve())]
        code = subprocess.run(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, check=False, cwd=_package_root()).returncode
        if code == 0:
            return
        log.seek(0)
        lines = [line.strip() for line in log.read().decode("utf-8", "replace").splitlines() if line.strip()]
    reason = "it ran out of memory" if code == -9 else (lines[-1] if lines else f"exit status {code}")
    raise ModelError(
        f"{folder} could not be converted for CTranslate2: {reason}",
        hint="The same checkpoint runs on the transformers engine, slower: set name: transformers.",
    )


def _package_root() -> str:
    return str(Path(__file__).resolve().parents[2])


def convert(folder: Path, quantisation: str, work: Path) -> None:
    """Write the CTranslate2 model of ``folder`` into the existing folder ``work``."""
    from ctranslate2.converters import TransformersConverter

    codec = Codec.open(folder)
    refuse_two_vocabularies(codec)

    class Converter(TransformersConverter):  # type: ignore[misc]
        def load_model(self, model_class: Any, model_name_or_path: str, **kwargs: Any) -> Any:
            model, report = model_class.from_pretrained(
                model_name_or_path, use_safetensors=True, local_files_only=True, output_loading_info=True, **kwargs
            )
            check_loaded(folder, report["missing_keys"], report["unexpected_keys"])
            if codec.config["model_type"] in ("t5", "mt5"):
                # The loader scales the output layer where config.tie_word_embeddings is true.  transformers 5 sets that to
                # true for every T5 and keeps what it meant in scale_decoder_outputs; T5 1.1, mT5 and MADLAD must not be scaled.
                model.config.tie_word_embeddings = bool(getattr(model.config, "scale_decoder_outputs", False))
            if codec.config["model_type"] in _NORMS:
                # Fixed by the architecture; the loader reads them from config.json, where newer checkpoints leave them out.
                model.config.normalize_before, model.config.normalize_embedding = _NORMS[codec.config["model_type"]]
            if codec.family.name == "mbart50":
                # Tells the loader that decoding starts from </s>; newer checkpoints leave it out of config.json.
                model.config.tokenizer_class = "MBart50Tokenizer"
            if codec.family.name == "marian":
                _need_zero_start(codec, model)
            return model

        def load_tokenizer(self, tokenizer_class: Any, model_name_or_path: str, **kwargs: Any) -> Any:
            tokenizer = codec.tokenizer
            # The loaders list tokens by id and guess the rest; codec's list is complete (language codes, spare rows).
            vocabulary = {token: i for i, token in enumerate(codec.vocabulary)}
            tokenizer.get_vocab = lambda: vocabulary
            tokenizer.num_madeup_words = 0
            return tokenizer

    Converter(str(folder)).convert(str(work), quantization=None if quantisation == "float32" else quantisation, force=True)
    _set_start(codec, work / "config.json")
    (work / "vmap.txt").write_text(vocabulary_map(codec), encoding="utf-8")


def _need_zero_start(codec: Codec, model: Any) -> None:
    """Refuse a Marian model whose decoder does not start from a zero vector, as the original and CTranslate2 do."""
    start = codec.config.get("decoder_start_token_id")
    if start is not None and model.model.decoder.embed_tokens.weight[int(start)].abs().max().item() > 0:
        raise ModelError(
            f"{codec.folder} starts decoding from a trained vector, which CTranslate2 cannot do for Marian models.",
            hint="Run it on the transformers engine: set name: transformers.",
        )


def _set_start(codec: Codec, path: Path) -> None:
    """Let decoding start from the checkpoint's own token; some loaders write their family's usual one.

    Marian's is a zero vector without a token (``_need_zero_start``).
    """
    if codec.family.name == "marian":
        return
    written = json.loads(path.read_text(encoding="utf-8"))
    (start,) = codec.tokens([codec.start_ids(next(iter(codec.family.routes)))[0]])
    path.write_text(json.dumps({**written, "decoder_start_token": start}, ensure_ascii=False, indent=2), encoding="utf-8")


def vocabulary_map(codec: Codec) -> str:
    """CTranslate2's vocabulary map that offers every token but Chinese ones, whatever the source.

    The output layer then computes only those columns.
    """
    banned = set(codec.suppressed(Constraint.NO_HAN)) - {codec.pad}
    tokens = [token for i, token in enumerate(codec.vocabulary) if i not in banned and not any(c in token for c in " \t\r\n")]
    return "\t" + " ".join(tokens) + "\n"


def refuse_two_vocabularies(codec: Codec) -> None:
    """Refuse Marian checkpoints with a vocabulary per language, which the converter would take for one.

    Raises:
        ModelError: it is one.
    """
    if codec.config.get("share_encoder_decoder_embeddings") is False:
        raise ModelError(
            f"{codec.folder} has a vocabulary for each language, which CTranslate2's converter does not support.",
            hint="Run it on the transformers engine: set name: transformers.",
        )


def main(arguments: list[str]) -> None:
    """``python -m pipeline.engines.conversion CHECKPOINT QUANTISATION EXISTING_FOLDER``."""
    folder, quantisation, work = arguments
    try:
        convert(Path(folder), quantisation, Path(work))
    except ModelError as exc:
        sys.exit(exc.message)


if __name__ == "__main__":
    main(sys.argv[1:])
