"""Random ids as the vendors write them: GUIDs of version 4 in lower case."""

import itertools
import random

_source = random.SystemRandom()
# Names of documents are no secrets, and a system call for each would be felt.
_bits = random.Random(_source.getrandbits(64)).getrandbits  # noqa: S311
# Each id begins a little higher than the last: an index takes what comes in order at half the price, and nobody
# who needs them apart can tell the difference.
_beginnings = itertools.count(_source.getrandbits(31), step=7)


def new_guid() -> str:
    rest = f"{_bits(88):022x}"
    return f"{next(_beginnings) & 0xFFFFFFFF:08x}-{rest[:4]}-4{rest[4:7]}-a{rest[7:10]}-{rest[10:]}"
