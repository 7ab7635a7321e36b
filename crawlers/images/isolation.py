"""Decoding apart: hand an image to a process of its own, and take its pictures or the reason of its refusal."""

from __future__ import annotations

import json
import subprocess
import sys

from crawlers.images.recoding import ImageFault, ImageRefused, RecodedImage, WebpPicture

TIMEOUT_SECONDS = 20
MAX_ANSWER_BYTES = 4_000_000
COMMAND = (sys.executable, "-I", "-m", "crawlers.images.decoder")


def recode_apart(data: bytes) -> RecodedImage:
    """Return the image in both sizes, as recoding.recode does, but from a process with limits. Raises ImageRefused."""
    try:
        run = subprocess.run(COMMAND, input=data, capture_output=True, timeout=TIMEOUT_SECONDS)  # noqa: S603 - our own command
    except subprocess.TimeoutExpired as error:
        raise ImageRefused(ImageFault.TOO_EXPENSIVE) from error
    if run.returncode or len(run.stdout) > MAX_ANSWER_BYTES:
        raise ImageRefused(ImageFault.TOO_EXPENSIVE)
    return _pictures(run.stdout)


def _pictures(answer: bytes) -> RecodedImage:
    line, _, body = answer.partition(b"\n")
    head = json.loads(line)
    if "fault" in head:
        raise ImageRefused(ImageFault(head["fault"]))
    (thumb_width, thumb_height, thumb_bytes), (width, height, _size) = head["sizes"]
    thumb = WebpPicture(thumb_width, thumb_height, body[:thumb_bytes])
    return RecodedImage(thumb, WebpPicture(width, height, body[thumb_bytes:]))
