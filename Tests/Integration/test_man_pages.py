"""The manual pages, held against what the programs say of themselves: nothing is missing, and nothing is left over.

The keys of iiid.conf(5) are compared with their table in Tests/iiidTests/Configuration.
"""
import re
import subprocess

import pytest

from harness.programs import ROOT, build_folder


def plain(source):
    """A page's source without the escapes that stand for plain characters."""
    return source.replace("\\-", "-").replace("\\(dq", '"').replace("\\&", "")


def page(name):
    return plain((ROOT / "man" / name).read_text())


def parts(text, macro):
    """{title: text} of what begins with this macro and ends with the next one of its kind."""
    pieces = re.split(rf"^\.{macro} (.*)\n", text, flags=re.M)
    return dict(zip((title.strip('"') for title in pieces[1::2]), pieces[2::2], strict=True))


def items(text):
    """{tag: text} of the entries of its lists."""
    return parts(re.sub(r"^\.(Bl|El).*\n", "", text, flags=re.M), "It")


def options(text):
    return {match[1]: body for tag, body in items(text).items() if (match := re.match(r"Fl -([\w-]+)", tag))}


def run(program, *arguments):
    return subprocess.run([build_folder() / program, *arguments], check=True, capture_output=True, text=True).stdout


def rows(text, title):
    """{name: description} of one part of a help, whose longer rows go on in the next line."""
    found, name = {}, None
    for line in (text + "\n").split(f"\n{title}:\n", 1)[1].split("\n\n", 1)[0].splitlines():
        begun = re.match(r"  (\S.*?)(?:  +(\S.*)|$)", line)
        if begun:
            name = begun[1].split(" ")[0]
            found[name] = begun[2] or ""
        else:
            found[name] += " " + line.strip()
    return found


IIID = page("iiid.1")
SECTIONS = parts(IIID, "Sh")
#: A command's part of the page; the title also has its arguments.
COMMANDS = {title.split(" ")[1]: text for title, text in parts(SECTIONS["COMMANDS"], "Ss").items() if title.startswith("iiid ")}
SHARED = options(parts(SECTIONS["COMMANDS"], "Ss")["Options of all commands that ask a daemon"])
HELP = {name: run("iiid", "help", name) for name in rows(run("iiid", "help"), "Commands")}
#: Those that take the options of another one.
BORROWED = {"config": "serve"}


def told(command):
    """{name without dashes: description} of the options that a command says it has."""
    return {name[2:]: text for name, text in rows(HELP[command], "Options").items() if name != "--help"}


def test_commands_are_those_of_the_help():
    assert sorted(COMMANDS) == sorted(HELP)
    assert [name for name in HELP if not re.search(rf"\b{name}\b", SECTIONS["SYNOPSIS"])] == []


@pytest.mark.parametrize("command", HELP)
def test_options_are_those_of_the_help(command):
    written = options(COMMANDS[command])
    known = {**SHARED, **options(COMMANDS[BORROWED.get(command, command)]), **written}
    assert sorted(set(told(command)) - set(known)) == []
    assert sorted(set(written) - set(told(command))) == []
    for name, text in told(command).items():
        # What holds without it.
        if value := re.search(r"\belse (\d+)\)", text):
            assert re.search(rf"\b{value[1]}\b", known[name]), f"--{name}: {value[1]}"


@pytest.mark.parametrize("command", HELP)
def test_exit_statuses_are_in_the_page(command):
    statuses = rows(HELP[command], "Exit status")
    tags = re.split(r"[ ,]+", " ".join(items(SECTIONS["EXIT STATUS"])))
    assert [status for status in statuses if status not in tags] == []


@pytest.mark.parametrize("command", HELP)
def test_variables_are_in_the_page(command):
    variables = re.findall(r"\b(?:III|IIID|XDG|RUNTIME|TRACEPARENT|BAGGAGE)(?:_[A-Z]+)*\b", " ".join(told(command).values()))
    assert [name for name in variables if not re.search(rf"\b{name}\b", "\n".join(items(SECTIONS["ENVIRONMENT"])))] == []


def test_the_development_engine():
    text, told = page("iii-dev-engine.1"), run("iii-dev-engine", "--help")
    names = re.findall(r"^  --([\w-]+)", told, re.M)
    assert len(names) > 8
    assert sorted(options(text)) == sorted(names)
    hooks = re.findall(r'"do":"(\w+)"', told)
    assert hooks and set(hooks) == set(re.findall(r'"do":"(\w+)"', text))


def protocol_man(source):
    return subprocess.run([ROOT / "scripts/protocol-man", source], capture_output=True, text=True)


def test_the_protocol_is_whole(iiid):
    protocol = parts(plain(protocol_man(ROOT / "docs/protocol.md").stdout), "Sh")
    client = iiid.client()
    document = client.call("rpc.discover")
    methods = parts(protocol["METHODS: CLIENT TO IIID"], "Ss")
    assert list(methods) == [method["name"] for method in document["methods"]]
    for method in document["methods"]:
        tags = " ".join(items(methods[method["name"]]))
        assert [p["name"] for p in method["params"] if not re.search(rf"Cm {p['name']}\b", tags)] == [], method["name"]
    limits = "\n".join(items(protocol["LIMITS"])) + protocol["LIMITS"]
    assert [name for name in client.call("hello")["limits"] if not re.search(rf"^\.Cm {name}\b", limits, re.M)] == []
    errors = document["components"]["errors"].values()
    assert len(errors) > 15
    assert [error for error in errors if not re.search(rf"^\.It No \"?{error['code']}\b", limits, re.M)] == []


@pytest.mark.parametrize("text, complaint", [
    ("> a quotation", "line 3: this form is not known"),
    ("```\nno end", "line 3: the example has no end"),
    ("| a | b |\n|---|---|\n| 1 |", "a row of the table"),
])
def test_what_cannot_be_set_is_refused(tmp_path, text, complaint):
    source = tmp_path / "page.md"
    source.write_text(f"# Title\n\n{text}\n")
    made = protocol_man(source)
    assert made.returncode == 1 and complaint in made.stderr


def test_versions_agree():
    first = (ROOT / "packaging/debian/changelog").read_text().splitlines()[0]
    version = re.fullmatch(r"iiid \((\d+\.\d+\.\d+)-\d+\) \S+; urgency=\w+", first)[1]
    assert run("iiid", "version") == f"iiid {version}\n"
    assert run("iii-dev-engine", "--version") == f"iii-dev-engine {version}\n"
