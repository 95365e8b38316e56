"""The published schema is the one the records give, and bundles are valid against it."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import jsonschema
import msgspec
import pytest

from pipeline import bundle
from pipeline.bundle import layout, schema
from pipeline.config import BundleConfig
from tests.bundle import make

PUBLISHED = Path(__file__).parents[2] / "docs" / "schema" / f"bundle-{layout.BUNDLE_SCHEMA}.json"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make.result()
    made = msgspec.structs.replace(made, approvals=(make.approval(made),), corrections=(make.correction(made),))
    return bundle.write(made, make.volatile(), tmp_path_factory.mktemp("out"), BundleConfig(formats=("json",)))


def test_the_published_schema_is_current() -> None:
    # If this fails: python -m pipeline.bundle.schema > docs/schema/bundle-1.0.json
    assert PUBLISHED.read_text(encoding="utf-8") == schema.text()


def test_it_is_a_valid_schema_with_described_fields() -> None:
    document = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(document)
    assert document["$id"].endswith(layout.BUNDLE_SCHEMA)
    described = document["$defs"]["Manifest"]["properties"]["files"]["description"]
    assert "sorted by path" in described


@pytest.mark.parametrize("name", list(schema.FILES))
def test_every_file_of_a_bundle_is_valid(folder: Path, name: str) -> None:
    rules = schema.for_file(name)
    paths = sorted(folder.glob(name))
    assert paths
    for path in paths:
        jsonschema.validate(json.loads(path.read_bytes()), rules, cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize("name", [layout.MANIFEST, "articles/*.json", layout.VOLATILE])
def test_a_file_with_an_unknown_or_missing_field_is_not(folder: Path, name: str) -> None:
    rules = schema.for_file(name)
    data = json.loads(next(folder.glob(name)).read_bytes())
    for change in ("add", "drop"):
        wrong = copy.deepcopy(data)
        if change == "add":
            wrong["surprise"] = 1
        else:
            del wrong["schema"]
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, rules, cls=jsonschema.Draft202012Validator)
