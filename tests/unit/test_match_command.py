"""The command `platforma match`: a line in, a line out, and what it says of lines that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from platforma.cli.main import main

OAK = {"title": {"lv": "Ozola darbnīca"}, "website": "https://ozols.example/"}
BIRCH = {"title": {"lv": "Bērzu skola"}, "website": "https://berzi.example/"}
NAMESAKE = {"title": {"lv": "Ozola darbnīca"}}
VERDICTS = ["same", "unsure", "different"]
PAIRS = [{"left": OAK, "right": other} for other in (OAK, NAMESAKE, BIRCH)]


def run(*lines: object, options: tuple[str, ...] = ()) -> Result:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return CliRunner().invoke(main, ["match", "-", *options], input=text)


def answers(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_line_has_its_answer_in_order(tmp_path: Path) -> None:
    from_input = run(*PAIRS)
    assert (from_input.exit_code, from_input.stderr) == (0, "")
    assert [answer["verdict"] for answer in answers(from_input)] == VERDICTS
    scores = [answer["score"] for answer in answers(from_input)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    file = tmp_path / "pairs.jsonl"
    file.write_text("\ufeff" + "\n\n".join(map(json.dumps, PAIRS)) + "\n", encoding="utf-8")
    assert CliRunner().invoke(main, ["match", str(file)]).stdout == from_input.stdout


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("en", "the same web address: ozols.example"), ("lv", "viena un tā pati tīmekļa adrese: ozols.example")],
)
def test_the_reasons_are_sentences_in_a_chosen_language(lang: str, sentence: str) -> None:
    assert sentence in answers(run(PAIRS[0], options=("--lang", lang)))[0]["reasons"]


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "the names have words in common: “Biedrība ‘Ozola darbnīca’”, “‘Ozola darbnīca’ (‘Oak’)”"),
        ("lv", "nosaukumos ir kopīgi vārdi: „Biedrība ‘Ozola darbnīca’”, „‘Ozola darbnīca’ (‘Oak’)”"),
    ],
)
@pytest.mark.parametrize("marks", ["„”", "“”", '""', "«»", "„“", "””"])
def test_names_with_quotation_marks_stand_in_ours_with_single_ones(lang: str, sentence: str, marks: str) -> None:
    in_source = str.maketrans("<>", marks)
    titles = ["Biedrība <Ozola darbnīca>", "<Ozola darbnīca> (<Oak>)"]
    left, right = ({"title": {"lv": title.translate(in_source)}} for title in titles)
    assert answers(run({"left": left, "right": right}, options=("--lang", lang)))[0]["reasons"][0] == sentence


def test_labelled_pairs_are_measured_for_both_thresholds() -> None:
    labels = ["same", "same", "same", "different"]
    rights = [OAK, NAMESAKE, BIRCH, NAMESAKE]
    result = run(*({"left": OAK, "right": right, "label": label} for right, label in zip(rights, labels, strict=True)))
    assert result.stderr.splitlines() == [
        "same: precision 1.000, recall 0.333, F1 0.500",
        "same or unsure: precision 0.667, recall 0.667, F1 0.667",
    ]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("no JSON", "line 2: this is no JSON"),
        ("[1]", "line 2: a line is one JSON object"),
        ({"left": OAK}, "line 2 right: a line has a record as left and one as right"),
        ({"left": OAK | {"lat": "north"}, "right": OAK}, "line 2 left.lat: this is a number of degrees"),
        ({"left": OAK, "right": {}}, "line 2 right.title: a title is needed"),
        ({"left": OAK, "right": OAK, "label": "perhaps"}, "line 2 label: a label is same or different"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_the_rest_is_answered(line: object, complaint: str) -> None:
    result = run(PAIRS[0], line, PAIRS[2])
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0].startswith(f"refused: {complaint}")
    assert result.stderr.splitlines()[-1] == "Error: 1 of the lines could not be read; the lines above say why"
    assert [answer.get("verdict") for answer in answers(result)] == ["same", None, "different"]
    assert complaint in answers(result)[1]["error"]


def test_a_line_that_is_no_utf_8_is_named_and_the_rest_is_answered(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_bytes(b'{"left": "\xff"}\n' + json.dumps(PAIRS[0]).encode())
    result = CliRunner().invoke(main, ["match", str(file)])
    assert (result.exit_code, [answer.get("verdict") for answer in answers(result)]) == (1, [None, "same"])
    assert "line 1: this is no JSON" in result.stderr


def test_wrong_usage_is_2_and_the_help_shows_a_line() -> None:
    assert CliRunner().invoke(main, ["match"]).exit_code == 2
    assert CliRunner().invoke(main, ["match", "no-such-file.jsonl"]).exit_code == 2
    shown = CliRunner().invoke(main, ["match", "--help"]).output
    assert '"left"' in shown
    assert '"verdict"' in shown
