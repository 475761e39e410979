"""The real Python SDK, in a process of its own, in the version that is asked for."""
from pathlib import Path

from .programs import ROOT
from .steered import SteeredError, SteeredProgram

#: Versions whose environments scripts/python-env makes.
VERSIONS = ["0.13.0", "newest"]

SDKError = SteeredError


class SDKProcess(SteeredProgram):
    program = "sdk_program.py"

    def __init__(self, place, version, url, name, environment=None):
        python = ROOT / f".build/venv-{version}/bin/python"
        assert python.exists(), f"{python} is missing: scripts/python-env makes it"
        super().__init__(place, f"sdk-{name}", [python, Path(__file__).with_name(self.program), url, name], environment)


class ChannelSDK(SDKProcess):
    """With functions that read and write channels."""

    program = "channel_program.py"
