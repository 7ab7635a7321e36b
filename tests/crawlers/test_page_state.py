"""The state that frameworks leave in a page, each in the notation in which it really writes it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from typing import Any

import pytest

from crawlers.markup import Html
from crawlers.reading.page_state import MAX_DEPTH, MAX_VALUES, flat_state, flight_state, function_state, island_state
from crawlers.reading.scripts import json_in
from tests.crawlers.places_in_scripts import FOUND, PLACES, TEXT, URL, named, read

Json = dict[str, Any]
NAMES = [place["name"] for place in PLACES]


def script_of(text: str, attributes: str = "") -> str:
    escaped = text.replace("</", "<\\/")
    return f"<script{attributes}>{escaped}</script>"


def flight_page(places: Iterable[Json]) -> str:
    """As Next sends server components: rows in texts that are cut anywhere, long texts and shared objects in rows of their own."""
    first, *others = places
    rows = (
        '0:["$","$L1",null,{"children":"$2"}]\n1:I[22,["22"],"Map"]\n:HL["/a.css","style"]\n'
        f"4:T{len(TEXT.encode()):x},{TEXT}3:{json.dumps({**first, 'description': '$4'})}\n"
        f'2:["$","ul",null,{{"places":["$3",{",".join(map(json.dumps, others))}]}}]\n'
    )
    return "".join(script_of(f"self.__next_f.push([1,{json.dumps(part)}])") for part in (rows[:150], rows[150:]))


def flat_list(places: Iterable[Json]) -> list[Any]:
    """As Nuxt 3 writes it: each value once, the others name it by its place."""
    values: list[Any] = [["ShallowReactive", 1], {"data": 2, "error": -1}, ["Reactive", 3], {"places": 4}, []]
    for place in places:
        values[4].append(len(values))
        values.append({name: len(values) + 1 + number for number, name in enumerate(place)})
        values += place.values()
    return values


def function_text(places: Iterable[Json]) -> str:
    """As Nuxt 2 writes it: a function whose arguments are the values that repeat."""
    objects = ",".join(f"{{id:{one['id']},name:{json.dumps(one['name'])},country:a,city:c,about:b}}" for one in places)
    arguments = f'"Latvia",{json.dumps(f"{TEXT} a: b")},void 0'
    return f"window.__NUXT__=(function(a,b,c){{return {{layout:a,data:[{{places:[{objects}]}}],a:c,ok:!0}}}}({arguments}));"


def island_page(places: Iterable[Json]) -> str:
    """As Astro writes it: before each value the number of its kind."""
    objects = [[0, {name: [0, value] for name, value in one.items()}] for one in places]
    return f'<astro-island props="{escape(json.dumps({"places": [1, objects], "open": [0, True]}))}"></astro-island>'


FORMS = {
    "Next's server components": flight_page(PLACES),
    "Nuxt 3": script_of(json.dumps(flat_list(PLACES)), ' type="application/json" id="__NUXT_DATA__" data-ssr="true"'),
    "an island of Astro": island_page(PLACES),
    "an answer kept by SvelteKit": script_of(
        json.dumps({"status": 200, "body": json.dumps({"places": PLACES})}), ' type="application/json" data-sveltekit-fetched'
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_entries_in_the_state_of_a_framework_are_found_by_the_pages_address(form: str) -> None:
    adapter, records = read({"/": f"<div id=app></div>{FORMS[form]}"})
    assert (adapter, named(records)) == ("json", FOUND)


def test_a_long_text_of_a_server_component_stands_where_its_row_is_named() -> None:
    state = json_in(Html(URL, flight_page(PLACES)))["flight"]
    assert state["2"]["places"][0]["description"] == TEXT


def test_the_length_of_a_long_text_counts_bytes() -> None:
    assert flight_state(['1:T6,āēī2:["$1"]\n']) == {"2": ["āēī"]}


def test_a_doubled_dollar_is_one_and_a_date_its_text() -> None:
    assert flight_state(['1:["$$5 a day","$D2027-05-01T10:00:00.000Z","$undefined","$9","plain"]\n']) == {
        "1": ["$5 a day", "2027-05-01T10:00:00.000Z", None, None, "plain"]
    }


def test_a_row_that_refers_to_itself_is_nothing_there() -> None:
    assert flight_state(['1:{"a":"$2"}\n2:{"b":"$1"}\n']) == {"1": {"a": {"b": None}}, "2": {"b": {"a": None}}}


def test_the_properties_of_an_element_stand_in_its_place() -> None:
    assert flight_state(['1:["$","ul",null,{"children":[["$","$L2","k",{"name":"a"}],["$",1]]}]\n']) == {
        "1": {"children": [{"name": "a"}, ["$", 1]]}
    }


def test_arguments_of_a_function_stand_where_their_names_are_values_and_not_where_they_are_keys() -> None:
    state = function_state(function_text(PLACES))
    assert (state["layout"], state["a"], state["ok"]) == ("Latvia", None, True)
    assert [(one["name"], one["country"], one["city"], one["about"]) for one in state["data"][0]["places"]] == [
        (name, "Latvia", None, f"{TEXT} a: b") for name in NAMES
    ]


def test_an_argument_that_is_no_value_is_nothing_and_the_others_stand() -> None:
    assert function_state("__NUXT__=(function(a,b){return {x:a,y:b}}(new Thing(1,2),'b'))") == {"x": None, "y": "b"}


@pytest.mark.parametrize("text", ["__NUXT__=(function(a){a.b=1}(2))", "__NUXT__=(function(a){return {x:", "__NUXT__=1", ""])
def test_what_is_no_such_function_gives_nothing(text: str) -> None:
    assert function_state(text) is None


def test_a_flat_list_holds_dates_sets_maps_and_wrapped_values() -> None:
    values = [[1, 2, 3, 5, 7], ["Date", "2027-05-01"], ["Set", 4], ["Map", 4, 6], "a", ["Ref", 6], 8, ["EmptyRef", 99]]
    assert flat_state(values) == ["2027-05-01", ["a"], {"a": 8}, 8, None]


@pytest.mark.parametrize("values", [[], [1], ["a"], {"a": 1}, None])
def test_another_list_is_no_flat_state(values: Any) -> None:
    assert flat_state(values) is None


def test_a_value_within_itself_is_nothing_there() -> None:
    assert flat_state([{"a": 1}, [0, 2], 5]) == {"a": [None, 5]}


def test_values_that_repeat_each_other_unfold_to_a_bounded_number() -> None:
    doubling = [[place + 1, place + 1] for place in range(40)]
    rows = "".join(f'{place:x}:["${place + 1:x}","${place + 1:x}"]\n' for place in range(1, 40))
    for state in (flat_state([*doubling, 1]), list(flight_state([rows]).values())):
        assert count(state) <= MAX_VALUES + 80


def test_nested_pairs_of_an_island_are_read_to_a_bounded_depth() -> None:
    assert island_state('{"a":[0,{"b":[0,"c"]}],"d":[1,[[0,1],[0,null]]],"e":7}') == {"a": {"b": "c"}, "d": [1, None], "e": None}
    deep = '{"a":' + "[1,[" * 400 + "]]" * 400 + "}"
    assert depth_of(island_state(deep)) <= MAX_DEPTH + 2
    assert island_state('{"a":' + "[" * 100_000) is None


def depth_of(value: Any) -> int:
    """How many lists lie in each other."""
    number = 0
    while isinstance(value, dict | list):
        number, value = number + 1, next(iter(value.values() if isinstance(value, dict) else value), None)
    return number


def count(value: Any) -> int:
    """How many values are within this one, itself included."""
    waiting, number = [value], 0
    while waiting:
        one = waiting.pop()
        number += 1
        waiting += one if isinstance(one, list) else one.values() if isinstance(one, dict) else []
    return number
