"""The configuration: strict records read from one YAML file.

A preset may name another as its ``base``; its keys then override the base's.  Unknown or mistyped
keys are refused with the nearest valid one.  Every stage gets only its own section, and a cached
result is keyed on that section's digest, so changing one stage's settings redoes only that stage.
"""

from __future__ import annotations

import difflib
import hashlib
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

import msgspec

from pipeline.errors import ConfigError
from pipeline.yamlfile import read_yaml


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every section: immutable, keyword only, unknown keys refused."""


class IngestConfig(Section, frozen=True):
    """How bytes become text."""

    encoding: str | None = None
    """Force a codec; ``None`` detects it."""
    max_bytes: int = 64_000_000
    """Larger files are refused."""
    max_pages: int = 400
    """PDF files with more pages are refused."""
    min_han: int = 20
    """Fewer Chinese characters than this is no newspaper page."""


class SegmentConfig(Section, frozen=True):
    """How text becomes units."""

    min_confidence: float = 0.5
    """Pairings below it are findings."""


class EngineConfig(Section, frozen=True):
    """Which model runs on which engine.  Fields an engine does not know are refused by it."""

    name: Literal["llamacpp", "transformers", "ctranslate2", "rehearsal"] = "llamacpp"
    model: str = "qwen2.5-coder-1.5b-instruct-q4_k_m"
    """Catalogue id, or a path to a local file or folder."""
    threads: int | None = None
    """``None``: one per physical core available."""
    slots: int | None = None
    """Parallel sequences (llama.cpp); ``None``: the engine's best."""
    context: int = 2048
    """Tokens per slot (llama.cpp)."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    dtype: Literal["auto", "float32", "bfloat16", "float16", "int8", "int8_float32", "int8_float16", "int8_bfloat16"] = "auto"
    batch_tokens: int = 2048
    """Source tokens in one batch, padding included (seq2seq)."""
    batch_rows: int | None = None
    """Sequences decoded together, beams counted (seq2seq): bounds the memory of the scores over the vocabulary.
    ``None``: the engine's best for the device."""
    prefix: str | None = None
    """Put before every source text (seq2seq); ``None``: what the checkpoint's family expects."""
    beam: int = 1
    strict: bool = False
    """Bit-for-bit the same text whatever else is in the batch, at a cost in speed."""
    timeout: float = 600.0
    """Seconds without any progress before the engine counts as hung."""


class TranslateConfig(Section, frozen=True):
    """Decoding policy of translations."""

    max_source_chars: int = 160
    """Longer sentences are split at safe points for the model; the bundle keeps them whole."""
    output_ratio: float = 2.2
    """Output tokens allowed per source token; the margin below is added."""
    output_margin: int = 48
    forbid_han: bool = True
    examples: int = 2
    """Worked examples in an instruct prompt."""


class SummariseConfig(Section, frozen=True):
    """Chinese summaries."""

    enabled: bool = True
    min_chars: int = 150
    """A shorter body is its own summary: marked too short, never padded."""
    ratio: float = 0.15
    """Target length as a share of the body's characters."""
    shortest: int = 50
    longest: int = 160


class TermsConfig(Section, frozen=True):
    """Term and name tables, and what is projected into the source."""

    files: tuple[str, ...] = ()
    """TSV files, later ones win.  Relative paths start at the configuration file."""
    project: bool = True


class ChecksConfig(Section, frozen=True):
    """Thresholds of the checks."""

    min_ratio: float = 1.0
    """English characters per Chinese character, below which something is missing."""
    max_ratio: float = 9.0
    min_chars_for_ratio: int = 8
    repeat_ngram: int = 4
    """Words in the phrase whose repetition counts."""
    repeat_times: int = 3
    term_share: float = 0.5
    """Share of a term's meaningful words the English must show, 0 to 1."""
    dropped_evidence: float = 3.5
    """Log-likelihood ratio from which a clause counts as left out."""
    summary_support: float = 0.35
    """Share of a summary sentence (rare character pairs weigh more) that the body must cover, 0 to 1."""
    max_headline_words: int = 30
    """Words in display type above which it is no headline."""
    min_score: float | None = None
    """Mean log-probability per token below which a text is reported as `unsure`; ``None``: scores are not used."""
    min_word_score: float | None = None
    """Log-probability below which a single word is reported as `unsure`; ``None``: words are not judged."""


class RepairConfig(Section, frozen=True):
    """What happens when a check fails."""

    attempts: int = 3
    """Further tries per passage at most; all that is doubted gets one before any gets two."""
    token_budget: float = 0.25
    """Extra tokens allowed over a single pass, as a share of it."""


class MemoryConfig(Section, frozen=True):
    """Translation memory."""

    enabled: bool = True
    path: str | None = None
    """SQLite file, made where it does not exist.  ``None``: ``desk-memory.sqlite`` beside the bundles.  A relative path starts at
    the configuration file."""
    machine: Literal["off", "record", "serve"] = "record"
    """What becomes of the model's own texts that passed every check: nothing, kept for later, or also served for the same text in
    later issues."""
    fuzzy: float = 0.75
    """Least similarity, 0 to 1, of what people wrote before to be shown beside a draft; 0 turns suggestions off."""
    examples: bool = False
    """Also show the most similar one to an instruct model as a worked example."""


BUNDLE_FORMATS: Final = ("json", "html", "markdown", "xliff", "tmx", "ninjs", "jsonl", "parquet", "docx")


class BundleConfig(Section, frozen=True):
    """What is written."""

    formats: tuple[str, ...] = ("json", "html", "markdown")
    """Any of ``BUNDLE_FORMATS``; ``json`` is always written."""


class JobsConfig(Section, frozen=True):
    """How many issues are in work together, and when to give up."""

    window: int = 4
    """Issues whose segments share the engine's queue."""
    max_attempts: int = 3
    """Failures after which an issue is set aside."""
    journal_mb: int = 4096
    """Megabytes (2**20 bytes) of replies kept for later runs; past them the oldest go."""


class Config(Section, frozen=True):
    """Everything that shapes a run."""

    name: str = "default"
    base: str | None = None
    ingest: IngestConfig = IngestConfig()
    segment: SegmentConfig = SegmentConfig()
    translate_engine: EngineConfig = EngineConfig()
    summarise_engine: EngineConfig | None = None
    """``None``: the translation engine also writes the summaries."""
    translate: TranslateConfig = TranslateConfig()
    summarise: SummariseConfig = SummariseConfig()
    terms: TermsConfig = TermsConfig()
    checks: ChecksConfig = ChecksConfig()
    repair: RepairConfig = RepairConfig()
    memory: MemoryConfig = MemoryConfig()
    bundle: BundleConfig = BundleConfig()
    jobs: JobsConfig = JobsConfig()


def digest(section: Any) -> str:
    """SHA-256 of a section's or record's canonical JSON, in hex."""
    return hashlib.sha256(msgspec.json.encode(section, order="deterministic")).hexdigest()


def load(path: Path) -> Config:
    """Read a configuration file.

    Raises:
        ConfigError: the file is missing, is not YAML, or has an unknown, mistyped or ill-valued key.
    """
    data = _merged(path, ())
    base_dir = path.parent
    try:
        config = msgspec.convert(data, Config)
    except msgspec.ValidationError as exc:
        raise ConfigError(f"{path}: {exc}.", hint="Correct that value; docs/configuration.md lists every key.") from None
    _check_ranges(config, path)
    terms = msgspec.structs.replace(config.terms, files=tuple(_resolve(base_dir, f) for f in config.terms.files))
    memory = msgspec.structs.replace(config.memory, path=_resolve(base_dir, config.memory.path) if config.memory.path else None)
    return msgspec.structs.replace(config, terms=terms, memory=memory)


def _resolve(base_dir: Path, name: str) -> str:
    path = Path(name).expanduser()
    return str(path if path.is_absolute() else base_dir / path)


def _merged(path: Path, seen: tuple[Path, ...]) -> dict[str, Any]:
    data = _read_yaml(path)
    _refuse_unknown(data, Config, path, ())
    base = data.get("base")
    if base is None:
        return data
    base_path = path.parent / str(base)
    if path.resolve() in seen:
        raise ConfigError(f"{path}: the base files name each other in a circle.", hint="Remove one 'base:' line.")
    return _overlay(_merged(base_path, (*seen, path.resolve())), data)


def _overlay(base: dict[str, Any], top: dict[str, Any]) -> dict[str, Any]:
    out = dict(base)
    for key, value in top.items():
        below = out.get(key)
        out[key] = _overlay(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return out


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        data = read_yaml(path)
    except FileNotFoundError:
        raise ConfigError(f"There is no configuration file {path}.", hint="The presets are in configs/; name one with --config.") from None
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigError(f"Cannot read the configuration file {path}: {exc}.", hint="It must be a readable UTF-8 text file.") from None
    except ValueError as exc:
        raise ConfigError(f"{path} is not valid YAML: {exc}", hint="Check the indentation and quotes at that place.") from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise ConfigError(f"{path} must hold keys and values, not a {type(data).__name__}.", hint="See configs/default.yaml.")
    return data


def _struct_in(hint: Any) -> type[Section] | None:
    for candidate in (hint, *get_args(hint)):
        if isinstance(candidate, type) and get_origin(candidate) is None and issubclass(candidate, Section):
            return candidate
    return None


def _refuse_unknown(data: dict[str, Any], section: type[Section], path: Path, where: tuple[str, ...]) -> None:
    hints = get_type_hints(section)
    for key, value in data.items():
        dotted = ".".join((*where, str(key)))
        if key not in hints:
            near = difflib.get_close_matches(str(key), list(hints), n=1, cutoff=0.0)
            raise ConfigError(f"{path}: unknown key '{dotted}'.", hint=f"Did you mean '{'.'.join((*where, near[0]))}'?")
        inner = _struct_in(hints[key])
        if inner is not None and isinstance(value, dict):
            _refuse_unknown(value, inner, path, (*where, str(key)))


def _check_ranges(config: Config, path: Path) -> None:
    def need(ok: bool, key: str, rule: str) -> None:
        if not ok:
            raise ConfigError(f"{path}: '{key}' must be {rule}.", hint="Correct that value and run again.")

    for name, engine in (("translate_engine", config.translate_engine), ("summarise_engine", config.summarise_engine)):
        if engine is None:
            continue
        need(engine.threads is None or engine.threads >= 1, f"{name}.threads", "at least 1")
        need(engine.slots is None or 1 <= engine.slots <= 256, f"{name}.slots", "between 1 and 256")
        need(engine.context >= 512, f"{name}.context", "at least 512")
        need(engine.beam >= 1, f"{name}.beam", "at least 1")
        need(engine.batch_tokens >= 64, f"{name}.batch_tokens", "at least 64")
        need(engine.batch_rows is None or engine.batch_rows >= 1, f"{name}.batch_rows", "at least 1")
        need(engine.timeout > 0, f"{name}.timeout", "more than 0 seconds")
    need(config.translate.max_source_chars >= 20, "translate.max_source_chars", "at least 20")
    need(0 < config.summarise.ratio < 1, "summarise.ratio", "between 0 and 1")
    need(0 < config.summarise.shortest <= config.summarise.longest, "summarise.shortest", "above 0 and not above summarise.longest")
    checks = config.checks
    need(0 <= checks.min_ratio < checks.max_ratio, "checks.min_ratio", "0 or more and below checks.max_ratio")
    need(checks.repeat_ngram >= 2, "checks.repeat_ngram", "at least 2")
    need(checks.repeat_times >= 2, "checks.repeat_times", "at least 2")
    need(0 <= checks.term_share <= 1, "checks.term_share", "between 0 and 1")
    need(0 <= checks.summary_support <= 1, "checks.summary_support", "between 0 and 1")
    need(checks.max_headline_words >= 1, "checks.max_headline_words", "at least 1")
    need(0 <= config.memory.fuzzy <= 1, "memory.fuzzy", "between 0 and 1")
    need(config.repair.attempts >= 0, "repair.attempts", "0 or more")
    for name in config.bundle.formats:
        need(name in BUNDLE_FORMATS, "bundle.formats", f"made of {', '.join(BUNDLE_FORMATS)}; there is no '{name}'")
    need(config.jobs.window >= 1, "jobs.window", "at least 1")
    need(config.jobs.max_attempts >= 1, "jobs.max_attempts", "at least 1")
    # More than any number of issues in work could need.
    need(config.jobs.journal_mb >= 64, "jobs.journal_mb", "at least 64")
