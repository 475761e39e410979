"""What rpc.discover answers is an OpenRPC document, and says what the daemon does."""
import json
import pathlib
import re

import pytest
from jsonschema import Draft7Validator
from jsonschema.validators import validator_for
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from harness.local_client import LocalError

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture
def document(iiid):
    return iiid.client().call("rpc.discover")


def test_document_is_valid(document):
    schema = json.loads((ROOT / "Tests/Fixtures/openrpc/meta-schema.json").read_text())
    # Filled in when a version is released.
    schema["properties"]["openrpc"]["enum"] = ["1.3.2"]
    schemas = {"$ref": "http://json-schema.org/draft-07/schema#",
               "definitions": {"JSONSchemaObject": {"properties": {"$ref": {"type": "string"}}}}}
    draft7 = Resource.from_contents(Draft7Validator.META_SCHEMA)
    registry = Registry().with_resources([
        ("https://meta.json-schema.tools", DRAFT7.create_resource(schemas)),
        ("https://meta.json-schema.tools/", DRAFT7.create_resource(schemas)),
        ("http://json-schema.org/draft-07/schema", draft7)])
    errors = list(Draft7Validator(schema, registry=registry).iter_errors(document))
    assert not errors, errors[0]
    # The check can fail.
    broken = {**document, "methods": [{"name": 5}]}
    assert list(Draft7Validator(schema, registry=registry).iter_errors(broken))


def test_every_schema_is_one(document):
    for method in document["methods"]:
        for parameter in method["params"]:
            validator_for(parameter["schema"], default=Draft7Validator).check_schema(parameter["schema"])


def test_methods_are_those_of_the_page(document):
    page = (ROOT / "docs/protocol.md").read_text()
    section = page.split("\n## 5.", 1)[1].split("\n## 6.", 1)[0]
    assert [method["name"] for method in document["methods"]] == re.findall(r"^### `([\w.]+)`", section, re.M)


def test_schemas_agree_with_the_dispatcher(iiid, document):
    """A value that a schema forbids is refused by the daemon, and by the name of the parameter."""
    client = iiid.client()
    count = 0
    for method in document["methods"]:
        name = method["name"]
        required = {p["name"]: value(p["schema"]) for p in method["params"] if p["required"]}
        for parameter in method["params"]:
            for wrong in (5.5, "", [], {"no": "such"}, -1):
                if Draft7Validator(parameter["schema"]).is_valid(wrong):
                    continue
                with pytest.raises(LocalError) as error:
                    client.call(name, {**required, parameter["name"]: wrong})
                assert error.value.code == "INVALID_PARAMS", (name, parameter["name"], wrong)
                assert error.value.data["member"].split(".")[0] == parameter["name"]
                count += 1
    assert count > 100


def value(schema):
    """A value that the schema takes."""
    return next(v for v in ("info", "x", 1, True, {}, ["connection"]) if Draft7Validator(schema).is_valid(v))
