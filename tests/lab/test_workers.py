"""What is done side by side: everything once, told as it comes, returned in order; and an end where no process is left."""
import contextlib
import os

import pytest

import workers


def twice(labs, number):
    return labs, 2 * number


def test_every_thing_is_done_once():
    told = []
    results = workers.run_all("test", list(range(9)), 3, lambda: contextlib.nullcontext("labs"), twice,
                              lambda *args: told.append(args))
    assert results == [("labs", 2 * number) for number in range(9)]
    assert [count for count, _, _ in told] == list(range(1, 10))
    assert sorted(told[i][1:] for i in range(9)) == [(number, ("labs", 2 * number)) for number in range(9)]


def test_nothing_to_do():
    assert workers.run_all("test", [], 3, contextlib.nullcontext, twice, None) == []


def test_processes_that_end_too_early():
    with pytest.raises(SystemExit, match="test: the labs ended"):
        workers.run_all("test", [1, 2], 2, contextlib.nullcontext, lambda labs, number: os._exit(1), None)
