from __future__ import annotations

import gzip
import json

from dev.place import EXTENSION, ROOT

# Bytes, as a browser receives them.
LARGEST = 100_000


def test_the_extension_is_small_to_load():
    scripts = sorted((EXTENSION / "static").glob("*.js"))
    assert scripts, f"{EXTENSION} is not built"
    sizes = {file.name: len(gzip.compress(file.read_bytes())) for file in scripts}
    assert sum(sizes.values()) <= LARGEST, sizes


def test_jupyterlab_finds_what_it_loads():
    built = json.loads((EXTENSION / "package.json").read_text())
    source = json.loads((ROOT / "package.json").read_text())
    assert (built["name"], built["version"]) == (source["name"], source["version"])
    assert (EXTENSION / built["jupyterlab"]["_build"]["load"]).is_file()
    assert (EXTENSION / "schemas/jupyterlab-submit/plugin.json").is_file()
