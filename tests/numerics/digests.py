#!/usr/bin/env python3
"""The numeric contract from its documents, and not from the code: each digest of `tests/digests`,
by a second implementation in numpy, written after the pages `guide::contract`.

Prints `<case> <digest>` for each, and ends with 1 if one is not that of `golden.rs`.
With names of cases as arguments it computes only these.
"""

import re
import sys
from pathlib import Path

import cases
import contract
import host
import learning

GOLDEN = Path(__file__).resolve().parent.parent / "digests" / "golden.rs"
CASES = {**cases.CASES, **learning.CASES, **contract.CASES, **host.CASES}


def golden():
    """Case and digest of each line of `golden.rs`."""
    found = re.findall(r'\("(\w+)", 0x([0-9a-f]{16})\)', GOLDEN.read_text())
    return {case: int(digest, 16) for case, digest in found}


def main(names):
    expected, wrong = golden(), 0
    for case in names or expected:
        if case not in CASES or case not in expected:
            print(f"{case}: not a case of both")
            wrong += 1
            continue
        digest = CASES[case]()
        differs = digest != expected[case]
        wrong += differs
        print(f"{case} {digest:016x}" + (f"; expected {expected[case]:016x}" if differs else ""))
    if not names and set(CASES) != set(expected):
        print(f"cases of one side only: {sorted(set(CASES) ^ set(expected))}")
        wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
