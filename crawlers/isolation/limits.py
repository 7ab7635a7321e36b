"""The limits under which a reader process lives; it sets them itself before it reads anything (setrlimit, POSIX)."""

from __future__ import annotations

import resource

from crawlers.isolation.messages import Usage

MAX_MEMORY_BYTES = 1 << 30
"""Of address space, of which some 250 MB are the program itself."""
MEMORY_PER_FILE_BYTE = 16
"""More for files that somebody imports: their texts and values are held as a whole."""
MAX_OPEN_FILES = 64
SECONDS_PER_PAGE = 10.0
SECONDS_PER_MEGABYTE = 6.0
"""More for long pages and tables: all rows of a file are read between two calls of the host."""


def limit_process(file_bytes: int = 0) -> None:
    """Limit this process for good: memory and open files; it writes no file and no image of its memory.

    `file_bytes` is the size of the file that it is to read.
    """
    allowed = resource.getrlimit(resource.RLIMIT_AS)[1]
    max_memory = MAX_MEMORY_BYTES + MEMORY_PER_FILE_BYTE * file_bytes
    max_memory = max_memory if allowed == resource.RLIM_INFINITY else min(max_memory, allowed)
    for limit, most in (
        (resource.RLIMIT_AS, max_memory),
        (resource.RLIMIT_NOFILE, MAX_OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def allow_time(megabytes: float = 0.0) -> None:
    """Let this process compute for the seconds of one page from now on; the system ends it after that (SIGXCPU)."""
    seconds = usage().cpu_seconds + SECONDS_PER_PAGE + SECONDS_PER_MEGABYTE * megabytes
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, resource.RLIM_INFINITY))


def usage() -> Usage:
    """Return what this process has taken so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Usage(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)
