"""The decoder's process: an image on stdin, its two pictures or the reason of a refusal on stdout, within hard limits.

Decoders of images are large programs in C that read hostile files. Here a fault of theirs costs one process without work of
its own: little memory, little time, no files.
"""

from __future__ import annotations

import json
import resource
import sys

MAX_MEMORY_BYTES = 1 << 30
MAX_CPU_SECONDS = 10


def main() -> None:
    """Limit this process, then answer; a line of JSON comes first, and after it the bytes that it announces."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    head, body = _answer(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)


def _answer(data: bytes) -> tuple[dict[str, object], bytes]:
    from crawlers.images.recoding import ImageFault, ImageRefused, recode  # loads the decoders, so only under the limits

    try:
        image = recode(data)
    except ImageRefused as error:
        return {"fault": error.fault.value}, b""
    except MemoryError:
        return {"fault": ImageFault.TOO_EXPENSIVE.value}, b""
    sizes = [(picture.width, picture.height, len(picture.data)) for picture in (image.thumb, image.page)]
    return {"sizes": sizes}, image.thumb.data + image.page.data


if __name__ == "__main__":
    main()
