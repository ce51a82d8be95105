"""What there is of a test cluster on this machine."""

import pwd
from pathlib import Path


def left_of_cluster(folder: Path) -> list[str]:
    """Its folder, its users, and processes that know of the folder; empty once it is stopped."""
    found = [str(folder)] if folder.exists() else []
    found += [user.pw_name for user in pwd.getpwall() if str(folder) in user.pw_dir]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            texts = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if f"{folder}/".encode() in texts:
            found.append(texts.replace(b"\0", b" ")[:100].decode(errors="replace"))
    return found
