"""Whatever the real SDKs said in the recordings is compared with what ours says, or there is a reason why not."""
import json
import re

import pytest

from harness.place import eventually
from harness.programs import ROOT

RECORDED = ROOT / "Tests/Fixtures/recorded"
FILES = sorted(RECORDED.glob("*/*/*.jsonl"))

#: Each kind of message of a worker, and the tests that hold ours against it. A test in Swift by its suite and name.
COMPARED = {
    ("/", "reattach"): ["RecordingTests.ourReattachIsTheirs"],
    ("/", "registerfunction"): ["RecordingTests.ourRegistrationsAreTheirs",
                                "test_sdk_registrations.test_registrations_are_those_of_the_python_sdk"],
    ("/", "unregisterfunction"): ["test_recordings.test_frames_have_the_members_that_real_sdks_send"],
    ("/", "registertriggertype"): ["RecordingTests.ourTriggerTypesAreTheirs"],
    ("/", "unregistertriggertype"): ["RecordingTests.whatWeTakeBackIsWhatTheyTakeBack"],
    ("/", "registertrigger"): ["RecordingTests.ourTriggersAreTheirs"],
    ("/", "unregistertrigger"): ["RecordingTests.whatWeTakeBackIsWhatTheyTakeBack"],
    ("/", "triggerregistrationresult"): ["RecordingTests.ourAnswersAboutTriggersAreTheirs"],
    ("/", "invokefunction"): ["RecordingTests.ourCallsHaveTheMembersOfTheirs"],
    ("/", "invokefunction, void"): ["RecordingTests.ourCallsHaveTheMembersOfTheirs"],
    ("/", "invokefunction, enqueue"): ["RecordingTests.ourCallsHaveTheMembersOfTheirs"],
    ("/", "engine::workers::register"): ["RecordingTests.theAnnounceDiffersAsWritten"],
    ("/", "engine::channels::create"): ["test_sdk_channel_frames.test_messages_are_those_of_the_recordings"],
    ("/", "engine::functions::info"): ["test_sdk_discovery.test_questions_are_those_of_the_recordings"],
    ("/", "engine::functions::list"): ["test_sdk_discovery.test_questions_are_those_of_the_recordings"],
    ("/", "engine::registered-triggers::list"): ["test_sdk_discovery.test_questions_are_those_of_the_recordings"],
    ("/", "engine::triggers::list"): ["test_sdk_discovery.test_questions_are_those_of_the_recordings"],
    ("/", "engine::workers::list"): ["test_sdk_discovery.test_questions_are_those_of_the_recordings"],
    ("/", "invocationresult"): ["RecordingTests.ourAnswersHaveTheMembersOfTheirs"],
    ("/", "close 1000"): ["test_recordings_covered.test_goodbye_has_the_code_of_the_sdks"],
    ("/otel", "resourceSpans"): ["test_sdk_telemetry_frames.test_spans_have_the_members_of_the_recordings"],
    ("/otel", "resourceLogs"): ["test_sdk_telemetry_frames.test_log_lines_have_the_members_of_the_recordings"],
    ("/ws/channels", "text"): ["test_sdk_channel_frames.test_messages_are_those_of_the_recordings"],
    ("/ws/channels", "bytes"): ["test_sdk_channel_frames.test_messages_are_those_of_the_recordings"],
    ("/ws/channels", "close 1000"): ["test_sdk_channel_frames.test_messages_are_those_of_the_recordings"],
}
#: What is compared with nothing, and why.
REASONS = {
    ("/", "close None"): "not said by the worker: the engine was killed",
    ("/", "close 1005"): "Node says goodbye without a code; ours is Python's",
    ("/otel", "close 1005"): "how the connection of the telemetry ends says nothing: an engine keeps what came before",
    ("/otel", "close 1011"): "likewise, of Python, when its telemetry is given up",
}


def kind(message):
    """What a message of a worker is: where it went, and its type."""
    path = message["path"].split("?")[0]
    path = "/ws/channels" if path.startswith("/ws/channels/") else path
    if "close" in message:
        return path, f"close {message['close']}"
    if path == "/otel":
        return path, next(iter(json.loads(message["text"])))  # recorded without its prefix
    if path == "/ws/channels":
        return path, "text" if "text" in message else "bytes"
    frame = json.loads(message["text"])
    if frame["type"] != "invokefunction":
        return path, frame["type"]
    if frame["function_id"].startswith("engine::"):
        return path, frame["function_id"]
    action = (frame.get("action") or {}).get("type")
    return path, "invokefunction" + (f", {action}" if action else "")


def said(path):
    messages = map(json.loads, path.read_text().splitlines())
    return {kind(message) for message in messages if message.get("dir") == "w2e"}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(RECORDED)).removesuffix(".jsonl"))
def test_every_kind_of_message_is_compared_or_has_a_reason(path):
    assert said(path) <= set(COMPARED) | set(REASONS)


def test_nothing_is_listed_that_nobody_said():
    assert set().union(*map(said, FILES)) == set(COMPARED) | set(REASONS)


def test_the_tests_that_compare_exist():
    missing = [name for names in COMPARED.values() for name in names if not exists(name)]
    assert not missing


def exists(name):
    """`test_file.test_name`, `test_file`, or `Suite.test` of the Swift tests."""
    place, _, test = name.partition(".")
    if place.startswith("test_"):
        file = ROOT / "Tests/Integration" / f"{place}.py"
        return file.exists() and (not test or re.search(rf"^(async )?def {test}\(", file.read_text(), re.M))
    text = "\n".join(file.read_text() for file in (ROOT / "Tests").glob(f"*Tests/{place}*.swift"))
    return re.search(rf"func {test}\(", text)


def test_goodbye_has_the_code_of_the_sdks(proxy, swift):
    swift(proxy.url).do("shutdown")
    eventually(lambda: proxy.connections[0].down.close_code == 1000, what="a close frame of code 1000")
