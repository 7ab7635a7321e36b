"""The shipped texts with which curators begin what the other side reads, by what is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

KINDS = ("listing", "platform", "platform_question", "message_done", "message_refused")
"""What is answered: a listing that is refused, a platform that is or whose partner is asked, a message settled or refused."""


@dataclass(frozen=True, slots=True)
class ShippedReply:
    """A text by its key, in each language that it is shipped in."""

    key: str
    kind: str
    texts: Mapping[str, str]


def _load() -> Sequence[ShippedReply]:
    path = Path(__file__).parent / "data" / "replies.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(ShippedReply(key, kind, texts) for kind in KINDS for key, texts in data[kind].items())


SHIPPED = _load()
