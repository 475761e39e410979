"""Functions for HTTP requests made of the real SDK, which read bodies and write answers through its channels.

Run by the Python of a scratch environment with the engine's URL and a folder; ends with its standard input.
"""
import asyncio
import hashlib
import json
import os
import sys
from pathlib import Path

from iii import InitOptions, register_worker

folder = Path(sys.argv[2])


async def begin(data, status, headers):
    writer = data["response"]
    await writer.send_message_async(json.dumps({"type": "set_status", "status_code": status}))
    await writer.send_message_async(json.dumps({"type": "set_headers", "headers": headers}))
    return writer


async def copy(data):
    """Answers with the body, piece by piece as it comes."""
    writer = await begin(data, 202, {"X-Kind": "copy", "Content-Type": "application/octet-stream"})
    async for piece in data["request_body"]:
        await writer.write(piece)
    await writer.close_async()


async def digest(data):
    """Reads the whole body, and returns an answer."""
    body = await data["request_body"].read_all()
    return {"status_code": 200, "body": {"size": len(body), "sha256": hashlib.sha256(body).hexdigest(), "json": data["body"]}}


async def nothing(data):
    """An answer without a byte."""
    writer = await begin(data, 204, {"X-Kind": "nothing"})
    await writer.close_async()


async def flood(data):
    """64 MiB as fast as they are taken; the folder tells how many pieces were."""
    writer = await begin(data, 200, {})
    for number in range(1024):
        await writer.write(b"%08d" % number * 8192)
        (folder / "written").write_text(str(number + 1))
    await writer.close_async()


async def hesitate(data):
    """Reads its body only once the folder says so."""
    while not (folder / "go").exists():
        await asyncio.sleep(0.01)
    return await digest(data)


def main():
    client = register_worker(sys.argv[1], InitOptions(worker_name="web", otel={"enabled": False}, enable_metrics_reporting=False))

    def serve(name, function):
        client.register_function(f"web::{name}", function)
        client.register_trigger({"type": "http", "function_id": f"web::{name}", "config": {"api_path": name, "http_method": "POST"}})

    for function in (copy, digest, flood, hesitate):
        serve(function.__name__, function)
    try:
        from iii_helpers.http import http as streaming
    except ImportError:
        streaming = None
    if streaming:
        async def wrapped(request, response):
            await response.status(203)
            await response.headers({"X-Kind": request.method})
            await response.writer.write(await request.request_body.read_all())
            await response.writer.close_async()

        serve("wrapped", streaming(wrapped))
    serve("nothing", nothing)  # the last one: where it answers, all are there
    sys.stdin.read()
    client.shutdown()
    os._exit(0)


main()
