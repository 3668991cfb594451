"""Random ids as the vendors write them: GUIDs of version 4 in lower case."""

import random

_SOURCE = random.SystemRandom().getrandbits(64)
# Names of documents are no secrets, and a system call for each would be felt.
_bits = random.Random(_SOURCE).getrandbits  # noqa: S311


def new_guid() -> str:
    digits = f"{_bits(128):032x}"
    return (
        f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{'89ab'[int(digits[16], 16) & 3]}{digits[17:20]}-{digits[20:]}"
    )
