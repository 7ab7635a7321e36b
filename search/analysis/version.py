"""The version of the analysis, derived: it changes whenever tokens may change, and then a new index is made.

It is a digest of this folder's sources, of folding, and of the dictionaries, with the versions of the libraries and of
Unicode. Analysing a sample text instead would miss every rule that the sample does not meet, and would load a dictionary
for each language at every start, which takes seconds; reading these files takes milliseconds. The price is a rebuild
after a change of a mere comment here, which costs minutes and is safe.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import simplemma
import Stemmer

from search.analysis import latvian
from vocabulary import folding

SOURCES = (*sorted(Path(__file__).parent.glob("*.py")), Path(folding.__file__))


def analysis_version() -> str:
    """A digest of all that decides which tokens a text has; the same in every process of one installation."""
    libraries = f"{simplemma.__version__} {Stemmer.version()} {unicodedata.unidata_version}"
    return f"{digest_of_files((*SOURCES, *latvian.dictionary_files()))} {libraries}"


def digest_of_files(paths: Iterable[Path]) -> str:
    """A digest of the names and contents of files, whatever their order and folders."""
    digest = hashlib.sha256()
    for path in sorted(paths, key=lambda path: path.name):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()
