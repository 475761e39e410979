"""The link through a real TLS terminator, with one certificate that is right and three that are not."""
import re
import subprocess

import pytest

from harness.place import eventually
from harness.programs import Daemon
from harness.scripted_engine import free_port, wait_listening

CA_CONFIG = """
[ca]
default_ca = it
[it]
dir = {dir}
database = {dir}/index.txt
new_certs_dir = {dir}
certificate = {dir}/ca.pem
private_key = {dir}/ca.key
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
"""


def openssl(*arguments):
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


class Authority:
    """A certificate authority in a folder."""

    def __init__(self, folder, name):
        self.folder = folder / name
        self.folder.mkdir()
        self.certificate = self.folder / "ca.pem"
        (self.folder / "index.txt").touch()
        (self.folder / "ca.cnf").write_text(CA_CONFIG.format(dir=self.folder))
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", f"/CN={name}", "-keyout", self.folder / "ca.key",
                "-out", self.certificate, "-addext", "basicConstraints=critical,CA:TRUE")

    def issue(self, name, host, begin="20200101000000Z", end="20991231235959Z"):
        request, key, certificate = (self.folder / f"{name}.{kind}" for kind in ("csr", "key", "pem"))
        address = "IP" if re.fullmatch(r"[0-9.]+", host) else "DNS"
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={host}", "-keyout", key, "-out", request, "-addext", f"subjectAltName={address}:{host}")
        openssl("ca", "-batch", "-notext", "-config", self.folder / "ca.cnf", "-in", request, "-out", certificate, "-startdate", begin, "-enddate", end)
        return certificate, key


@pytest.fixture
def authority(place):
    return Authority(place.dir, "authority")


def terminator(place, engine, certificate, key):
    """stunnel in front of the engine; returns its port."""
    port = free_port()
    config = place.dir / f"stunnel-{port}.conf"
    config.write_text(f"foreground = yes\npid =\nsyslog = no\n[engine]\naccept = 127.0.0.1:{port}\nconnect = 127.0.0.1:{engine.port}\n"
                      f"cert = {certificate}\nkey = {key}\nTIMEOUTclose = 0\n")
    place.start("stunnel", ["stunnel4", config])
    wait_listening(port)
    return port


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_good_certificate(place, engine, authority, host):
    port = terminator(place, engine, *authority.issue("good", host))
    iiid = Daemon(place, f"wss://{host}:{port}", "--ca-file", str(authority.certificate))
    worker = iiid.worker({"tls::f": lambda params: {"size": len(params["payload"]["text"])}})
    assert iiid.client().trigger("tls::f", {"text": "x" * 3_000_000}, seconds=20) == {"size": 3_000_000}
    assert worker.invoked[0]["function_id"] == "tls::f"


def last_error(iiid):
    return iiid.status()["engine"].get("last_error") or ""


@pytest.mark.parametrize("fault", ["expired", "wrong name", "unknown authority", "not trusted by the system"])
def test_bad_certificate_is_refused_with_a_clear_error(place, engine, authority, fault):
    host, options, trusted, words = "localhost", {}, ["--ca-file", str(authority.certificate)], fault
    if fault == "expired":
        options = {"begin": "20200101000000Z", "end": "20210101000000Z"}
    elif fault == "wrong name":
        host, words = "elsewhere.example", r"localhost|name"
    elif fault == "unknown authority":
        trusted, words = ["--ca-file", str(Authority(place.dir, "stranger").certificate)], r"authority|issuer|unknown CA|not trusted"
    else:
        trusted, words = [], r"authority|issuer|self.signed|unknown CA|not trusted"
    port = terminator(place, engine, *authority.issue("bad", host, **options))
    iiid = Daemon(place, f"wss://localhost:{port}", *trusted, connected=False)
    error = eventually(lambda: last_error(iiid), what="an error in status")
    assert re.search(words, error, re.I), error
    assert iiid.status()["engine"]["state"] != "connected"
    assert iiid.client().error_of("trigger", {"function_id": "x::y"}).code == "NOT_CONNECTED"
    assert re.search(words, iiid.log(), re.I), "the log does not say so"


def test_plain_server_where_tls_is_expected(place, engine):
    iiid = Daemon(place, f"wss://127.0.0.1:{engine.port}", connected=False)
    assert eventually(lambda: last_error(iiid), what="an error in status")
    assert iiid.process.poll() is None


def test_tls_server_where_plain_is_expected(place, engine, authority):
    port = terminator(place, engine, *authority.issue("good", "127.0.0.1"))
    iiid = Daemon(place, f"ws://127.0.0.1:{port}", connected=False)
    assert eventually(lambda: last_error(iiid), what="an error in status")
    assert iiid.process.poll() is None


def test_missing_ca_file_is_told_at_once(place, engine):
    iiid = Daemon(place, f"wss://127.0.0.1:{engine.port}", "--ca-file", str(place.dir / "missing.pem"), connected=False, ready=False)
    assert iiid.wait(10) != 0
    assert "missing.pem" in iiid.log()
