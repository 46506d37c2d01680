"""`make prove`: the long proofs at their full counts, then the benchmarks; both kept, dated."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
EVIDENCE = ROOT / "docs" / "evidence"


def main() -> int:
    """Run both, and write what they said."""
    today = dt.datetime.now(dt.UTC).date().isoformat()
    EVIDENCE.mkdir(parents=True, exist_ok=True)
    proofs = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-m",
            "prove",
            "-v",
            "--color=no",
            "-p",
            "no:cacheprovider",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    kept = [line for line in proofs.stdout.splitlines() if str(ROOT) not in line]
    (EVIDENCE / f"{today}-proofs.txt").write_text("\n".join(kept) + "\n", encoding="utf-8")
    print(kept[-1])
    measured = [
        subprocess.run([sys.executable, "-m", f"bench.{what}"], cwd=ROOT, check=False).returncode
        for what in ("figures", "commits", "pages", "validation")
    ]
    return proofs.returncode or max(measured)


if __name__ == "__main__":
    sys.exit(main())
