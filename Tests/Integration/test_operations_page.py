"""docs/operations.md has every status text and every exit status of the sources, and every unit and drop-in."""
import re
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PAGE = (TOP / "docs/operations.md").read_text()
SOURCES = TOP / "Sources/iiid"


def body(path, start):
    """The text of a Swift declaration: from the line that has `start` to the line that ends it."""
    lines = (SOURCES / path).read_text().splitlines()
    first = next(i for i, line in enumerate(lines) if start in line)
    indent = lines[first][:len(lines[first]) - len(lines[first].lstrip())]
    return "\n".join(lines[first:next(i for i in range(first, len(lines)) if lines[i] == indent + "}")])


def fixed_words(code):
    """What the string literals say between their interpolations."""
    for literal in re.findall(r'"((?:[^"\\]|\\\((?:[^()]|\([^()]*\))*\)|\\.)*)"', re.sub(r"\\\(([^()\"]|\([^()]*\)|\"[^\"]*\")*\)", "\0", code)):
        for words in literal.split("\0"):
            if re.search(r"[A-Za-z]{3}", words):
                yield words.strip(" ,:;()")


def statuses():
    return [*fixed_words(body("Relay/Relay+Reports.swift", "var statusText")), *fixed_words(body("Commands/Serve.swift", "var statusText"))]


def test_status_texts():
    found = statuses()
    assert {"Starting", "Connected to", "Waiting for the engine at", "Refused by"} <= set(found), found
    table = PAGE[PAGE.index("## Watch"):PAGE.index("## How it ends")]
    # Reasons are the system's and the engine's words.
    missing = [words for words in found if words not in table and words != "no reason given"]
    assert not missing, missing


def test_nobody_else_tells_a_status():
    """Every call that tells systemd a status hands over one of these texts, or why the start failed."""
    calls = {f"{path.name}: {line.strip()}" for path in SOURCES.rglob("*.swift") for line in path.read_text().splitlines()
             if re.search(r"manager\.(ready|status|stopping|reloading|failed)\(", line)}
    strange = [call for call in calls if not re.search(r"\((status: )?(statusText|toldStatus|reason|error\.description)\b", call)]
    assert calls and not strange, strange


def test_exit_statuses():
    """Those of the daemon; what the commands alone end with is in iiid(1)."""
    code = "\n".join(path.read_text() for name in ("Commands/Serve*.swift", "Commands/StartFailure.swift", "Configuration/*.swift")
                     for path in SOURCES.glob(name))
    code = re.sub(r"\.failure\(|case [^:]*:", "", code)  # a Result's, other types' cases
    numbers = dict(re.findall(r"static let (\w+) = ExitCode\(rawValue: (\d+)\)", (SOURCES / "CommandLine/ExitCode.swift").read_text()))
    used = {number for name, number in numbers.items() if re.search(rf"[ (]\.{name}\b", code)}
    assert {"0", "64", "69", "71", "73", "78"} <= used
    table = PAGE[PAGE.index("## How it ends"):PAGE.index("## Restart, upgrade, remove")]
    assert set(re.findall(r"^\| (\d+) \|", table, re.M)) == used


def test_units_and_drop_ins():
    units = TOP / "contrib/systemd"
    for path in units.glob("drop-ins/*/*.conf"):
        assert f"{path.parent.name}/{path.name}" in PAGE, path
    for setting in ("StateDirectory", "ListenStream", "LoadCredential"):
        assert any(setting in path.read_text() for path in units.glob("iiid.*"))
    exits = re.search(r"^RestartPreventExitStatus=(.*)$", (units / "iiid.service").read_text(), re.M)[1].split()
    table = PAGE[PAGE.index("## How it ends"):PAGE.index("## Restart, upgrade, remove")]
    assert {row[0] for row in re.findall(r"^\| (64|78) .*\| (no.*) \|$", table, re.M)} == set(exits)


def test_instances_differ_from_the_main_unit_in_their_names_alone():
    units = TOP / "contrib/systemd"

    def directives(path):
        return [line for line in path.read_text().splitlines() if line and not line.startswith("#")]

    for kind in ("service", "socket"):
        main, instance = directives(units / f"iiid.{kind}"), directives(units / f"iiid@.{kind}")
        strip = [re.sub(r"( for %i| --config /etc/iiid/%i\.conf|:iiid-%i\.engine-token|-%i|@%i)", "", line) for line in instance]
        assert [line for line in strip if not line.startswith("SyslogIdentifier")] == main
