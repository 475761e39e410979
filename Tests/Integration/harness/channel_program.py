"""The real SDK as a worker with channels: sdk_program.py's commands and these functions.

"python::read" {"reader", "file"?}: everything into the file, {"bytes", "texts"}; "python::write" {"writer", "file"?, "texts"?, "piece"?,
"close"?}: {"bytes"}; "python::take" {"reader", "count"}: that many messages, and then nothing more. Command "create_channel": both
references.
"""
import asyncio

import sdk_program


async def read(data):
    texts, total = [], 0
    data["reader"].on_message(texts.append)
    file = open(data.get("file", "/dev/null"), "wb")
    async for piece in data["reader"]:
        file.write(piece)
        total += len(piece)
    file.close()
    return {"bytes": total, "texts": texts}


async def write(data):
    writer, total = data["writer"], 0
    if "file" in data:
        with open(data["file"], "rb") as file:
            while piece := file.read(data.get("piece", 1 << 20)):
                await writer.write(piece)
                total += len(piece)
    for text in data.get("texts", []):
        await writer.send_message_async(text)
    if data.get("close", True):
        await writer.close_async()
    else:
        kept.append(writer)
    return {"bytes": total}


async def take(data):
    pieces = []
    kept.append(data["reader"])
    async for piece in data["reader"]:
        pieces.append(len(piece))
        if len(pieces) == data["count"]:
            kept.append(asyncio.get_running_loop())
            return {"pieces": pieces}
    return {"pieces": pieces}


kept = []


def prepare(client):
    for name, handler in {"read": read, "write": write, "take": take}.items():
        client.register_function(f"python::{name}", handler)


def create_channel(client):
    try:
        from iii.helpers import create_channel

        channel = create_channel(client)
    except ImportError:
        channel = client.create_channel()
    kept.append(channel)
    return {"reader": channel.reader_ref.model_dump(mode="json"), "writer": channel.writer_ref.model_dump(mode="json")}


if __name__ == "__main__":
    sdk_program.main(prepare, {"create_channel": create_channel})
