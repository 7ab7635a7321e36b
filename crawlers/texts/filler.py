"""Filler: the Latin of “Lorem ipsum” that stands where a text is still to be written. It is in no language of its readers."""

from __future__ import annotations

import re

from crawlers.texts.wordlists import word_set

MIN_WORDS, MIN_SHARE = 5, 0.7
"""A text is filler from so many words on, where so large a share of them are of the usual ones."""
MAX_CHARACTERS = 2_000
_WORD = re.compile(r"[^\W\d_]+")
_WORDS = word_set(
    "lorem ipsum dolor sit amet consectetur consectetuer adipiscing adipisicing elit sed do eiusmod tempor incididunt ut"
    " labore et dolore magna aliqua enim ad minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea"
    " commodo consequat duis aute irure in reprehenderit voluptate velit esse cillum eu fugiat nulla pariatur excepteur"
    " sint occaecat cupidatat non proident sunt culpa qui officia deserunt mollit anim id est laborum vestibulum ante"
    " primis faucibus orci luctus ultrices posuere cubilia curae donec pede justo fringilla vel aliquet nec vulputate"
    " eget arcu rhoncus imperdiet a venenatis vitae nullam dictum felis mollis pretium integer tincidunt cras dapibus"
    " vivamus elementum semper nisl aenean massa cum sociis natoque penatibus magnis dis parturient montes nascetur"
    " ridiculus mus quam ultricies pellentesque sem quisque porta morbi tristique senectus netus malesuada fames ac"
    " turpis egestas mauris suspendisse potenti phasellus viverra sapien leo odio at urna praesent blandit lacus nunc"
    " eros diam ligula lectus curabitur fusce maecenas etiam proin nam pulvinar sagittis hendrerit porttitor lobortis"
    " scelerisque interdum accumsan sollicitudin congue"
)


def is_filler(text: str) -> bool:
    """Whether a text is filler."""
    words = _WORD.findall(text[:MAX_CHARACTERS].lower())
    return len(words) >= MIN_WORDS and sum(word in _WORDS for word in words) >= MIN_SHARE * len(words)
