"""
Fixed worlds: preflight and the real clients agree in each of them. Every eighth of the first hundred is asked of the
Windows program, too; make oracle-windows draws as many as wanted.
"""
import os
import random
import sys
from pathlib import Path

import pytest

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import clients  # noqa: E402
import compare  # noqa: E402
import play  # noqa: E402
import run  # noqa: E402
import shrink  # noqa: E402
import windows  # noqa: E402
import world as worlds  # noqa: E402
from compare import Said  # noqa: E402
from lab import TOP  # noqa: E402

FILES = sorted((HERE / "worlds").glob("*.yaml"))
# The same ones whatever worlds are added later.
ON_WINDOWS = [path for path in FILES if path.stem.startswith(("p1-", "p2-"))][7::8]
RIGHT = (compare.AGREE, compare.EXPLAINED, compare.POLICY, compare.CHANCE)
BUILDS = os.environ.get("PREFLIGHT_BUILDS", "plain").split()
DROPPED = {"dimension": "firewall", "name": "dropped", "causes": ["udp.*"], "touches": ["a"],
           "break": [{"nft": {"at": "isp", "chain": "forward", "rule": "udp dport 500 drop"}}]}
OTHER = {"dimension": "proxies", "name": "set", "causes": ["proxy.*"], "touches": ["b"], "break": []}


@pytest.fixture(scope="session")
def labs():
    with play.Worlds() as labs:
        yield labs


def told_rightly(labs, program, path):
    world = run.usable(worlds.load(path), program)
    result = labs.play(world, program)
    if result.outcome not in RIGHT:  # once more: other tests run beside this one
        result = labs.play(world, program)
    assert result.outcome in RIGHT, "\n".join([result.outcome, *run.told(result)])


@pytest.mark.skipif("plain" not in BUILDS, reason="the plain build is not tested")
@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_world(labs, path):
    told_rightly(labs, TOP / "preflight", path)


@pytest.mark.skipif("windows" not in BUILDS, reason="the Windows program is not tested")
@pytest.mark.parametrize("path", ON_WINDOWS, ids=[path.stem for path in ON_WINDOWS])
def test_world_on_windows(labs, path):
    told_rightly(labs, windows.PROGRAM, path)


# The oracle itself

def test_the_same_seed_draws_the_same_world():
    for seed in range(200):
        one, other = (worlds.generate(random.Random(seed), seed=seed) for _ in range(2))
        assert one.to_data() == other.to_data()
        assert len(one.ingredients) <= 4
        assert len({each["dimension"] for each in one.ingredients}) == len(one.ingredients)
        touched = [word for each in one.ingredients for word in each.get("touches", [])]
        assert len(touched) == sum(len(set(each.get("touches", []))) for each in one.ingredients)
        assert len(set(touched)) == len(touched)


def test_a_world_is_kept_and_read_again(tmp_path):
    for seed in range(50):
        drawn = worlds.generate(random.Random(seed), seed=seed)
        worlds.save(drawn, tmp_path / "world.yaml", found=["nothing"])
        assert worlds.load(tmp_path / "world.yaml").to_data() == drawn.to_data()


def test_every_terminal_has_clients():
    for profile, each in worlds.PROFILES.items():
        for phase in each["phases"]:
            world = worlds.World(profile=profile, phase=phase)
            assert sorted(sum(play.groups(play.wanted(world)), [])) == sorted(play.wanted(world))
            for client in clients.required(world):
                kind, _, site = client.partition(":")
                assert kind in clients.CLIENTS and (not site or site in clients.SITES)


@pytest.mark.parametrize("code, causes, works, outcome", [
    (0, [], True, compare.AGREE),
    (0, [], False, compare.FALSE_READY),
    (1, ["udp.silent"], False, compare.AGREE),
    (1, ["udp.silent"], True, compare.FALSE_NOT_READY),
    (1, ["tls.expired"], False, compare.WRONG_CAUSE),
    (1, ["tls.expired", "udp.silent"], False, compare.AGREE),
    (3, ["udp.silent"], False, compare.EXPLAINED),
    (3, ["udp.silent"], True, compare.EXPLAINED),
    (3, [], True, compare.UNEXPLAINED),
    (3, ["tls.expired"], False, compare.UNEXPLAINED),
    (2, [], True, compare.BROKEN),
    ("none in time", [], False, compare.BROKEN),
])
def test_what_was_said_is_held_against_what_worked(code, causes, works, outcome):
    world = worlds.World(ingredients=[DROPPED, OTHER])
    assert compare.judge(world, Said(code, causes), [] if works else ["ike-500"])[0] == outcome


def test_a_policy_excuses_what_it_names_only(monkeypatch):
    policy = {"causes": ["proxy.*"], "ingredients": ["proxies/*"], "reason": "so it is written"}
    monkeypatch.setattr(compare, "policies", lambda: [policy])
    world = worlds.World(ingredients=[DROPPED, OTHER])
    assert compare.judge(world, Said(1, ["proxy.dead"]), []) == (compare.POLICY, "so it is written")
    assert compare.judge(world, Said(1, ["proxy.dead", "udp.silent"]), [])[0] == compare.FALSE_NOT_READY
    assert compare.judge(world, Said(1, []), [])[0] == compare.FALSE_NOT_READY
    assert compare.judge(world.without([DROPPED]), Said(1, ["proxy.dead"]), [])[0] == compare.FALSE_NOT_READY


def test_two_may_be_named_by_what_neither_is_named_by(monkeypatch):
    pair = {"both": ["firewall/dropped *dport 500*", "proxies/*"], "causes": ["net.*"], "reason": "so they are"}
    monkeypatch.setattr(compare, "together", lambda: [pair])
    world, said = worlds.World(ingredients=[DROPPED, OTHER]), Said(1, ["net.no-route"])
    assert compare.judge(world, said, ["ike-500"])[0] == compare.AGREE
    assert compare.judge(world, said, [])[0] == compare.FALSE_NOT_READY
    assert compare.judge(world, Said(1, ["tls.expired"]), ["ike-500"])[0] == compare.WRONG_CAUSE
    for alone in (DROPPED, OTHER):
        assert compare.judge(world.without([alone]), said, ["ike-500"])[0] == compare.WRONG_CAUSE
    other = {**DROPPED, "break": [{"nft": {"at": "isp", "chain": "forward", "rule": "udp dport 4500 drop"}}]}
    assert compare.judge(world.without([other, OTHER]), said, ["ike-500"])[0] == compare.WRONG_CAUSE


def test_pairs_are_of_two_dimensions_that_there_are():
    for pair in compare.together():
        assert pair.keys() == {"both", "causes", "reason"} and len(pair["both"]) == 2
        assert {one.partition("/")[0] for one in pair["both"]} <= worlds.dimensions().keys()
        assert len({one.partition("/")[0] for one in pair["both"]}) == 2 and pair["causes"] and pair["reason"].strip()


def test_policies_have_causes_ingredients_and_a_reason():
    for policy in compare.policies():
        assert policy.keys() == {"causes", "ingredients", "reason"}
        assert policy["causes"] and policy["ingredients"] and policy["reason"].strip()


def test_what_no_question_finds_out_has_clients_ingredients_and_a_reason():
    for each in compare.beyond():
        assert each.keys() == {"ingredients", "clients", "reason"}
        assert each["ingredients"] and each["clients"] and each["reason"].strip()


def test_what_no_question_finds_out_is_written_down():
    lost = {"dimension": "line", "name": "larger-than-1496-udp-lost-in", "causes": [], "touches": [], "break": []}
    world, said = worlds.World("s", "registry", worlds.BEFORE, ingredients=[lost]), Said(0, [])
    outcome, reason = compare.judge(world, said, ["ike-500", "ike-4500"])
    assert outcome == compare.BEYOND and reason
    assert compare.judge(world, said, ["ike-500", "page:mio"])[0] == compare.FALSE_READY
    assert compare.judge(world.without([DROPPED]), said, ["ike-500"])[0] == compare.FALSE_READY
    assert compare.judge(world, said, [])[0] == compare.AGREE


def test_a_disagreement_is_shrunk_to_what_it_needs():
    more = [{**OTHER, "name": str(number)} for number in range(3)]
    world = worlds.World(ingredients=[more[0], DROPPED, more[1], more[2]])
    played = []

    def pretend(candidate):
        played.append(len(candidate.ingredients))
        both = DROPPED in candidate.ingredients and more[2] in candidate.ingredients
        return compare.Result(compare.FALSE_READY if both else compare.AGREE)

    least, result = shrink.shrink(world, compare.Result(compare.FALSE_READY), pretend)
    assert least.ingredients == [DROPPED, more[2]] and result.outcome == compare.FALSE_READY
    assert played == sorted(played)
