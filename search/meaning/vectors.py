"""The store of vectors beside an index: what every engine's has to promise."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from search.meaning.model import Vector


class Neighbour(NamedTuple):
    """A document near in meaning; `similarity` is the greatest product of a vector of its with what was asked, at most 1."""

    id: str
    similarity: float


class Made(NamedTuple):
    """What the vectors of a document were made of: the version of the listing, and the digest of its texts."""

    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class DocumentVectors:
    """The vectors of a document, one for each language of its texts."""

    id: str
    made: Made
    by_lang: Mapping[str, Vector]


class VectorStore(Protocol):
    """Vectors by document, which outlive every index. Methods raise EngineUnavailable where the store does not answer."""

    def stamp(self) -> str:
        """A string that changes whenever the vectors do; for caches. It may be some seconds late."""

    def made(self) -> dict[str, Made]:
        """What the vectors of each document were made of, by its id."""

    def put(self, documents: Sequence[DocumentVectors]) -> None:
        """Replace all vectors of these documents."""

    def note(self, versions: Mapping[str, int]) -> None:
        """Remember newer versions of listings by id, whose texts and so whose vectors are the same."""

    def delete(self, ids: Collection[str]) -> None:
        """Delete the vectors of documents; unknown ids are ignored."""

    def nearest(self, vector: Vector, most: int, min_similarity: float) -> list[Neighbour]:
        """The documents at least so similar to a vector, the nearest first, equally near ones by id, each once."""

    def vectors_of(self, id: str) -> list[Vector]:
        """The vectors of a document; none of an unknown one."""
