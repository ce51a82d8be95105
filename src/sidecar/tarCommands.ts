/**
 * Shell functions for archives. A host without tar may have Python, whose own module reads and writes the same.
 */

/** `unpack FOLDER` unpacks an archive from standard input, which belongs to whoever runs it. */
export const UNPACK = `unpack() {
  if command -v tar >/dev/null; then tar -xof - -C "$1"; else
    python3 -c 'import sys, tarfile
tarfile.open(fileobj=sys.stdin.buffer, mode="r|").extractall(sys.argv[1])' "$1"
  fi
}`;

/**
 * `pack` writes an archive of the files whose names it reads, each behind a NUL. A second name of a file is a file of
 * its own.
 */
export const PACK = `pack() {
  if command -v tar >/dev/null; then tar -cf - --hard-dereference --no-unquote --null -T -; else
    python3 -c 'import os, sys, tarfile
archive = tarfile.open(fileobj=sys.stdout.buffer, mode="w|")
for name in sys.stdin.buffer.read().split(b"\\0"):
    archive.inodes = {}
    if name:
        archive.add(os.fsdecode(name), recursive=False)
archive.close()'
  fi
}`;
