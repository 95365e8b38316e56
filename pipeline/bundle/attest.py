"""``attestation.json``: an in-toto Statement with SLSA provenance over every file of the bundle.

The statement is computed from the manifest and ``volatile.json`` alone, so that anyone can compute it
again: it is what anchors those two files, and what a signature signs.

Sources: in-toto Attestation Framework, Statement v1; SLSA Provenance v1 (slsa.dev/spec/v1.0/provenance).
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

import msgspec

from pipeline.bundle import layout
from pipeline.records import decode, encode

STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE: Final = "https://slsa.dev/provenance/v1"
PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
BUILD_TYPE: Final = "urn:x-newsdesk-pipeline:bundle:v1"
"""What ``externalParameters`` mean; see ``docs/bundle/provenance.md``."""
BUILDER: Final = "urn:x-newsdesk-pipeline:local"
"""SLSA build level 1 at most: the machine that ran the job also wrote this."""


class _Camel(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Base of the statement's records, named as the standards name them."""


class Digest(_Camel, frozen=True, omit_defaults=True):
    sha256: str = ""
    git_commit: str = ""


class Subject(_Camel, frozen=True):
    name: str
    digest: Digest


class Resource(_Camel, frozen=True):
    """A SLSA ResourceDescriptor."""

    name: str
    digest: Digest


class External(_Camel, frozen=True):
    """What the operator chose."""

    source: str
    fingerprint: str
    config_sha256: str


class Internal(_Camel, frozen=True):
    """What follows from the configuration and the code."""

    terms_sha256: str
    code_revision: str
    code_dirty: bool
    signatures: tuple[str, ...]
    prompt_sha256: tuple[str, ...]


class BuildDefinition(_Camel, frozen=True):
    build_type: str
    external_parameters: External
    internal_parameters: Internal
    resolved_dependencies: tuple[Resource, ...]


class Builder(_Camel, frozen=True):
    id: str
    version: dict[str, str]


class Metadata(_Camel, frozen=True):
    invocation_id: str
    started_on: str
    finished_on: str


class RunDetails(_Camel, frozen=True):
    builder: Builder
    metadata: Metadata


class Predicate(_Camel, frozen=True):
    build_definition: BuildDefinition
    run_details: RunDetails


class Statement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type: str = msgspec.field(name="_type", default=STATEMENT_TYPE)
    subject: tuple[Subject, ...]
    predicate_type: str = msgspec.field(name="predicateType", default=PREDICATE_TYPE)
    predicate: Predicate


def statement(manifest_bytes: bytes, volatile_bytes: bytes) -> bytes:
    """Return the statement that belongs to a manifest and its ``volatile.json``.

    Raises:
        msgspec.MsgspecError: either is not of the bundle's schema.
    """
    manifest = decode(manifest_bytes, layout.Manifest)
    volatile = decode(volatile_bytes, layout.VolatileFile)
    digests = {f.path: f.sha256 for f in manifest.files}
    digests[layout.MANIFEST] = hashlib.sha256(manifest_bytes).hexdigest()
    digests[layout.VOLATILE] = hashlib.sha256(volatile_bytes).hexdigest()
    p = manifest.provenance
    build = BuildDefinition(
        build_type=BUILD_TYPE,
        external_parameters=External(source=manifest.source.name, fingerprint=manifest.fingerprint, config_sha256=p.config_sha256),
        internal_parameters=Internal(
            terms_sha256=p.terms_sha256,
            code_revision=p.code_revision,
            code_dirty=p.code_dirty,
            signatures=tuple(t.signature for t in p.tasks),
            prompt_sha256=tuple(t.prompt_sha256 for t in p.tasks),
        ),
        resolved_dependencies=_dependencies(manifest),
    )
    versions = {"newsdesk-pipeline": p.pipeline_version}
    versions.update(pair for t in p.tasks for pair in t.engine.versions)
    run = RunDetails(
        builder=Builder(id=BUILDER, version=versions),
        metadata=Metadata(
            invocation_id=hashlib.sha256(volatile_bytes).hexdigest()[:32],
            started_on=volatile.run.started,
            finished_on=volatile.run.finished,
        ),
    )
    subjects = tuple(Subject(name=n, digest=Digest(sha256=digests[n])) for n in sorted(digests))
    return encode(Statement(subject=subjects, predicate=Predicate(build_definition=build, run_details=run)))


def _dependencies(manifest: layout.Manifest) -> tuple[Resource, ...]:
    p = manifest.provenance
    out = [Resource(name=manifest.source.name, digest=Digest(sha256=manifest.source.sha256))]
    models = dict.fromkeys((t.engine.model.id, t.engine.model.sha256) for t in p.tasks)
    out += [Resource(name=f"model {name}", digest=Digest(sha256=digest)) for name, digest in models]
    if re.fullmatch(r"[0-9a-f]{40}", p.code_revision):
        out.append(Resource(name="newsdesk-pipeline", digest=Digest(git_commit=p.code_revision)))
    return tuple(out)
