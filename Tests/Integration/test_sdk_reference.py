"""docs/sdk-reference.md: names and tests exist, and no name of the reference page is missing."""
import re

import pytest

from harness.programs import ROOT

PAGE = (ROOT / "docs/sdk-reference.md").read_text()
#: Every name of the Python SDK's reference page.
NAMES = """register_worker III InitOptions worker_name worker_description register_function HttpInvocationConfig FunctionRef
description metadata request_format response_format RegisterFunctionFormat register_trigger RegisterTriggerInput Trigger
register_trigger_type RegisterTriggerTypeInput TriggerHandler TriggerTypeRef unregister_trigger_type trigger trigger_async
TriggerRequest EnqueueResult shutdown shutdown_async TriggerAction TriggerAction.Void TriggerAction.Enqueue
TriggerActionEnqueue TriggerActionVoid IIIInvocationError code message function_id stacktrace FORBIDDEN TIMEOUT ChannelReader
ChannelWriter StreamChannelRef Logger info warn error debug FunctionInfo TriggerInfo WorkerInfo MessageType
IIIConnectionState""".split()


def tables():
    """The rows of each table whose head has these columns, as dictionaries."""
    head = None
    for line in PAGE.splitlines():
        if not line.startswith("|"):
            head = None
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if head is None:
            head = cells
        elif not set(line) <= set("|-"):
            yield dict(zip(head, cells, strict=True))


ROWS = [row for row in tables() if "proven by" in row]


def quoted(cell):
    return re.findall(r"`([^`]+)`", cell)


def sources():
    texts = []
    for module in ("III", "IIIObservability"):
        texts += [path.read_text() for path in (ROOT / "Sources" / module).rglob("*.swift")]
    return "\n".join(texts)


SOURCES = sources()


def declared(name):
    """Whether `Type.member(labels:)` is declared: each of its words, somewhere in public."""
    words = re.sub(r"\(.*", "", name).split(".")
    kinds = r"public (?:\w+ )*(?:func|var|let|struct|enum|class|actor|protocol|typealias)|case"
    return all(re.search(rf"(?:{kinds}) `?{word}\b", SOURCES) for word in words)


def exists(test):
    place, _, name = test.partition("::")
    if place.startswith("test_"):
        file = ROOT / "Tests/Integration" / f"{place}.py"
        return file.exists() and (not name or re.search(rf"^(async )?def {name}\(", file.read_text(), re.M))
    place, _, name = test.partition(".")
    text = "\n".join(file.read_text() for file in (ROOT / "Tests").glob(f"*Tests/**/{place}*.swift"))
    return re.search(rf"func {name}\(", text)


@pytest.mark.parametrize("name", NAMES)
def test_name_of_the_page_has_a_row(name):
    assert [row for row in ROWS if name in quoted(row.get("Python", ""))], name


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.get("Python") or row["Swift"])
def test_row_names_what_exists(row):
    assert quoted(row["Swift"]) or row["Swift"]
    assert [name for name in quoted(row["Swift"]) if not declared(name)] == []
    assert quoted(row["proven by"])
    assert [test for test in quoted(row["proven by"]) if not exists(test)] == []
