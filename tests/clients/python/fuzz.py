"""schemathesis over the whole OpenAPI document, with every check of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from checking import URL, check, finish

CONFIG = str(Path(__file__).with_name("schemathesis.toml"))
EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "40")
line = [
    str(Path(sys.executable).with_name("st")), "--config-file", CONFIG, "run",
    f"{URL}/openapi.json", "--checks", "all", "--max-examples", EXAMPLES,
    "--seed", "7", "--no-color", "--request-timeout", "60", "--phases", "examples,coverage,fuzzing,stateful",
    "--continue-on-failure",
]  # fmt: skip
with tempfile.TemporaryDirectory() as folder:
    ran = subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False)
print("\n".join(f"  {each}" for each in ran.stdout.splitlines() if each.strip()))
tested = re.search(r"Tested: (\d+)", ran.stdout)
check("every operation was tried", tested is not None, tested and tested[0])
check("no 500, nothing undocumented, no schema broken", ran.returncode == 0, ran.stderr.strip()[-500:])
finish()
