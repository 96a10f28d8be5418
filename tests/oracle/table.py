"""The table of results in README.md."""

import re
from collections import Counter

from compare import BEYOND, CHANCE, DISAGREEMENTS, LAB, OUTCOMES, POLICY

MARKS = "<!-- {} {} -->"


def by_dimension(records):
    """Dimension: (worlds with an ingredient of it, of those disagreements)."""
    found = {}
    for record in records:
        for dimension in {name.partition("/")[0] for name in record["ingredients"]}:
            found.setdefault(dimension, []).append(record["outcome"] in DISAGREEMENTS)
    return {name: (len(each), sum(each)) for name, each in sorted(found.items())}


def sums(records):
    """(Worlds that count, of those told rightly)."""
    counted = [record for record in records if record["outcome"] != LAB]
    return len(counted), sum(record["outcome"] not in (*DISAGREEMENTS, BEYOND) for record in counted)


def percent(part, whole):
    return f"{100 * part / max(1, whole):.1f} %"


def lines(records, seconds=None):
    """For the terminal."""
    counts, (counted, right) = Counter(record["outcome"] for record in records), sums(records)
    each = sum(record["seconds"] for record in records) / max(1, len(records))
    total = f" in {seconds / 60:.1f} minutes" if seconds else ""
    return [f"{len(records)} worlds{total}, {each:.1f} s each",
            *(f"  {outcome:22}{counts[outcome]:6}" for outcome in OUTCOMES if counts[outcome]),
            f"  told rightly: {right} of {counted} ({percent(right, counted)})",
            "  worlds by dimension (disagreements): "
            + ", ".join(f"{name} {all_of} ({wrong})" for name, (all_of, wrong) in by_dimension(records).items())]


def markdown(records):
    counts, (counted, right) = Counter(record["outcome"] for record in records), sums(records)
    seeds = sorted({record["name"].rpartition("-")[0] for record in records})
    minutes = sum(record["seconds"] for record in records) / 60
    named = sum(record["outcome"] != "wrong cause" for record in records if record["outcome"] != LAB)
    rows = [f"| {outcome} | {counts[outcome]} |" for outcome in OUTCOMES]
    text = [f"{len(records)} worlds of the seeds {', '.join(seeds)}; {minutes:.0f} minutes of one lab, "
            f"{60 * minutes / max(1, len(records)):.1f} s a world.", "",
            "| outcome | worlds |", "|---|---:|", *rows, f"| told rightly | {right} of {counted} ({percent(right, counted)}) |",
            f"| no wrong cause | {named} of {counted} ({percent(named, counted)}) |", "",
            "| dimension | worlds | disagreements |", "|---|---:|---:|",
            *(f"| {name} | {all_of} | {wrong} |" for name, (all_of, wrong) in by_dimension(records).items())]
    apart = [record for record in records if record["outcome"] in (*DISAGREEMENTS, CHANCE, LAB)]
    if apart:
        text += ["", "Apart from agreement:", ""]
        text += [f"- {record['name']}, {record['outcome']}: {record['profile']}, {record['phase']}, {record['least']}"
                 + (f"; {record['note'].splitlines()[0]}" if record["note"] else "") for record in apart]
    reasons = Counter(record["note"] for record in records if record["outcome"] in (POLICY, BEYOND))
    if reasons:
        text += ["", "By what is written in policy.yaml:", "", *(f"- {reason} ({count})" for reason, count in reasons.most_common())]
    return "\n".join(text)


def write(path, name, records):
    """Puts the tables between the marks of that name."""
    begin, end = MARKS.format(name, "begins"), MARKS.format(name, "ends")
    text, changed = re.subn(f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: f"{begin}\n{markdown(records)}\n{end}",
                            path.read_text(), flags=re.S)
    if not changed:
        raise ValueError(f"{path} has no place for {name}: {begin}")
    path.write_text(text)
