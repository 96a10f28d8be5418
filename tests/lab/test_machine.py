"""A machine that is short of descriptors, memory or threads: never a finding about a healthy network."""
import json

import pytest

import judge

OWN = {"run.local-error", "dtls.silent"}
LOADER = 127  # the program was not even loaded


def run(lab, program, *limits, words=()):
    lab.reset_ike()
    done = lab.run(["prlimit", *limits, program, "--format", "json", *judge.AGELESS, *words], timeout=60)
    return done


def check(done, told):
    assert done.returncode in (0, 3), (told, done.stdout)
    report = json.loads(done.stdout)
    assert report["verdict"] in ("ready", "unknown"), told
    assert {cause["code"] for cause in report["causes"]} <= OWN, (told, report["causes"])
    for row in report["checks"]:
        assert row["verdict"] != "fail", (told, row)
    return report


@pytest.mark.not_on_windows("limits of Linux")
@pytest.mark.parametrize("descriptors", range(5, 17))
def test_few_descriptors(lab, program, descriptors):
    report = check(run(lab, program, f"--nofile={descriptors}"), descriptors)
    if report["verdict"] == "unknown":
        causes = {cause["code"]: cause for cause in report["causes"]}
        assert "file" in causes["run.local-error"]["evidence"]["en"]
        assert causes["run.local-error"]["segments"] == ["terminal"]


@pytest.mark.not_on_windows("limits of Linux")
def test_few_descriptors_hide_no_finding_behind_a_pass(lab, program):
    """What is broken besides is not told as well: it cannot be told apart."""
    lab.apply("tcp-443-dropped")
    done = run(lab, program, "--nofile=9")
    assert done.returncode == 3
    assert {cause["code"] for cause in json.loads(done.stdout)["causes"]} <= OWN


@pytest.mark.not_on_windows("limits of Linux")
def test_little_memory(lab, program):
    """Whatever it is enough for: an end with exit code 3 and a word about it, or a run that is right."""
    if "sanitized" in str(program):
        pytest.skip("sanitizers take more address space than any limit leaves")
    ended = 0
    for size in range((6 << 20) + (400 << 10), 14 << 20, 400 << 10):  # with less, the kernel cannot map the program
        done = run(lab, program, f"--as={size}")
        if done.returncode == LOADER or "nss_database" in done.stderr:  # where the C library itself gives up
            continue
        if done.returncode == 3 and not done.stdout:
            assert "out of memory" in done.stderr, size
            ended += 1
        else:
            check(done, size)
    assert ended > 0


@pytest.mark.not_on_windows("limits of Linux")
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_few_threads(lab, program, threads):
    lab.reset_ike()
    done = lab.run(["setpriv", "--reuid=4242", "--clear-groups", "prlimit", f"--nproc={threads}", program, "--format",
                    "json", *judge.AGELESS], timeout=60,
                   env={"ASAN_OPTIONS": "detect_leaks=0"})  # the search for leaks needs a thread of its own
    check(done, threads)
