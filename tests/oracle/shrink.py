"""The fewest ingredients of a world that are told as wrongly as all of them."""

from itertools import combinations


def smaller(world):
    """Worlds with fewer of its ingredients, the smallest first."""
    for size in range(len(world.ingredients)):
        for kept in combinations(world.ingredients, size):
            yield world.without(kept)


def shrink(world, result, play):
    """The smallest world with the same outcome, and its result; `play` plays a world."""
    for candidate in smaller(world):
        found = play(candidate)
        if found.outcome == result.outcome:
            return candidate, found
    return world, result
