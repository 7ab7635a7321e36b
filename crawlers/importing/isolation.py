"""Reading files apart: a reader process reads a file, and hands its lines over as it goes."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from crawlers.errors import BadContent, CrawlError, Stopped
from crawlers.importing.reading import MappedFields, MappedRecord
from crawlers.isolation.messages import Answer, Call, Failure, FileJob, Surprise, TableJob
from crawlers.isolation.readers import READERS, Reader, ReaderDied
from crawlers.owner_tables.checking import TableCheck
from crawlers.owner_tables.questions import TableQuestion
from crawlers.recipe import Recipe
from crawlers.record import Problem, Record
from vocabulary.messages import N_

log = logging.getLogger(__name__)
TOO_SLOW = N_("this file takes too long to be read; divide it, or save the table alone")
TOO_BIG = N_("this file takes too much memory to be read; divide it, or save the table alone")
CRASHED = N_("this file ended the program that reads it; save it in another format")
FAULT = N_("reading this file met a fault of ours; the log has more for programmers")


def read_file_apart(path: Path, recipe: Recipe, mapped: dict[str, MappedFields]) -> Iterator[Record | Problem]:
    """Yield the records and problems of a file as reading.read_file does by a recipe, and fill `mapped`. Raises BadContent."""
    for item in lines_apart(path, recipe):
        if isinstance(item, MappedRecord):
            mapped[item.record.remote_id] = item.fields
            yield item.record
        else:
            yield item


def lines_apart(path: Path, recipe: Recipe | None = None, columns: Collection[str] = ()) -> Iterator[Any]:
    """Yield what reading.file_lines gives for a file, but from a process with limits.

    Raises BadContent, also where the file takes too much, and OSError where it cannot be opened.
    """
    with path.open("rb"):
        job = FileJob(str(path.resolve()), recipe, tuple(columns))
    try:
        with READERS.reader() as reader:
            reader.send(job)
            yield from _lines(reader, path.name)
    except ReaderDied as death:
        reason = TOO_SLOW if death.is_out_of_time else TOO_BIG if death.is_out_of_memory else CRASHED
        raise BadContent(path.name, reason) from death


def check_table_apart(body: bytes, name: str, question: TableQuestion) -> TableCheck:
    """Return what owner_tables.checking.check_table says of a table, but from a process with limits. Raises BadContent."""
    try:
        with READERS.reader() as reader:
            reader.send(TableJob(body, name, question))
            return _answer(reader, name)
    except ReaderDied as death:
        reason = TOO_SLOW if death.is_out_of_time else TOO_BIG if death.is_out_of_memory else CRASHED
        raise BadContent(name, reason) from death


def _answer(reader: Reader, name: str) -> TableCheck:
    """Return the check that a reader made. Raises ReaderDied and BadContent."""
    while isinstance(message := reader.receive(), Call):
        _log(message)
    if isinstance(message, Answer):
        check: TableCheck = message.value
        return check
    raise _error(message, name)


def _lines(reader: Reader, name: str) -> Iterator[Any]:
    """Yield what a reader hands over until it is done. Raises ReaderDied and BadContent."""
    while isinstance(message := reader.receive(), Call):
        if message.name == "lines":
            yield from message.arguments[0]
        else:
            _log(message)
    if not isinstance(message, Answer):
        raise _error(message, name)


def _log(call: Call) -> None:
    """Log what a reader logged."""
    logger, level, text = call.arguments
    logging.getLogger(logger).log(level, "%s", text)


def _error(message: Failure | Surprise, name: str) -> CrawlError | Stopped:
    """Return the error that a reader ended with; a fault of ours is logged."""
    if isinstance(message, Failure):
        return message.error()
    log.error("reading %s: %s", name, message.trace)
    return BadContent(name, FAULT)
