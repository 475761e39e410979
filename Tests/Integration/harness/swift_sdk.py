"""The SDK in Swift, in a process of its own: swift-worker."""
from .programs import build_folder
from .steered import SteeredProgram


class SwiftProcess(SteeredProgram):
    def __init__(self, place, url, name, environment=None):
        super().__init__(place, f"swift-{name}", [build_folder() / "swift-worker", url, name], environment)
