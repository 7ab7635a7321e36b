"""Decoding apart: hand an image to a reader process, and take its pictures or the reason of its refusal."""

from __future__ import annotations

from crawlers.images.recoding import ImageFault, ImageRefused, RecodedImage
from crawlers.isolation.messages import Answer, RecodeJob
from crawlers.isolation.readers import READERS, ReaderDied


def recode_apart(data: bytes) -> RecodedImage:
    """Return the image in both sizes, as recoding.recode does, but from a process with limits. Raises ImageRefused.

    Decoders of images are large programs in C that read hostile files; here a fault of theirs costs one process without work
    of its own.
    """
    try:
        with READERS.reader() as reader:
            reader.send(RecodeJob(data))
            outcome = reader.receive()
    except ReaderDied as error:
        raise ImageRefused(ImageFault.TOO_EXPENSIVE) from error
    image = outcome.value if isinstance(outcome, Answer) else ImageFault.UNREADABLE
    if isinstance(image, RecodedImage):
        return image
    raise ImageRefused(ImageFault(image))
