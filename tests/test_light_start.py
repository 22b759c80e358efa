"""A process that starts — a mail from a server's pipe, a worker, a test — loads none of the heavy libraries before it needs one."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Together two seconds and a hundred megabytes.
HEAVY = ("numpy", "openpyxl", "pandas", "pyreadstat", "rjieba", "scipy", "segno", "sklearn", "typst", "urllib3", "xlsxwriter")
START = """
import json, sys, traceback

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name in HEAVY and name not in found:
            found[name] = [frame.filename for frame in traceback.extract_stack() if frame.filename.startswith(ROOT)]

HEAVY, ROOT, found = json.loads(sys.argv[1]), sys.argv[2], {}
sys.meta_path.insert(0, Watch())
import django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
print(json.dumps(found))
"""


def test_starting_with_all_pages_loads_no_heavy_library():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", START, json.dumps(HEAVY), f"{ROOT}/linsheng"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603 - our own code
    too_early = json.loads(done.stdout.splitlines()[-1])
    assert not too_early, f"import these inside the function that needs them: {json.dumps(too_early, indent=1)}"
