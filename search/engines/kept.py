"""Answers that are kept until the index changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class KeptUntilChange(Generic[K, V]):
    """The last answers by key, at most `most` of them, for one state of an index; threads may share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._stamp = ""
        self._answers: OrderedDict[K, V] = OrderedDict()

    def get(self, stamp: str, key: K, make: Callable[[], V]) -> V:
        """The answer for a key in the state that the stamp stands for; made where it is not kept."""
        with self._lock:
            if self._stamp != stamp:
                self._stamp, self._answers = stamp, OrderedDict()
            answers = self._answers
            if key in answers:
                answers.move_to_end(key)
                return answers[key]
        answer = make()
        with self._lock:
            answers[key] = answer
            while len(answers) > self._most:
                answers.popitem(last=False)
        return answer
