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
 * its own. A file that cannot be read is not in the archive; one that turns out to be so half-way is filled up, and said
 * on standard error (`parsePackFaults` reads it). Then the status is 2, or 1 where a file has only changed meanwhile.
 */
export const PACK = `pack() {
  if command -v tar >/dev/null; then
    # Files that are not in the archive need no words, of which there could be too many to be kept.
    {
      LC_ALL=C tar -cf - --hard-dereference --no-unquote --quoting-style=escape --null -T - 2>&1 >&4 4>&- |
        grep -avE ': (Cannot (open|stat): |file changed as we read it)' >&2
      return "\${PIPESTATUS[0]}"
    } 4>&1
  else
    python3 -c 'import os, sys, tarfile
class Reader:
    fault = None
    def __init__(self, file):
        self.file = file
    def read(self, size):
        try:
            data = self.file.read(size)
        except OSError as error:
            self.fault, data = "Read error at byte %d: %s" % (self.file.tell(), error.strerror), b""
        if len(data) < size and not self.fault:
            self.fault = "File shrank by %d bytes" % (size - len(data))
        return data + bytes(size - len(data))
status = 0
archive = tarfile.open(fileobj=sys.stdout.buffer, mode="w|")
for name in sys.stdin.buffer.read().split(b"\\0"):
    archive.inodes = {}
    if not name:
        continue
    try:
        entry = archive.gettarinfo(os.fsdecode(name))
        file = open(name, "rb") if entry and entry.isreg() else None
    except OSError:
        status = 2
        continue
    if file:
        with file:
            reader = Reader(file)
            archive.addfile(entry, reader)
        if reader.fault:
            status = 2
            escaped = "".join(chr(c) if 32 < c < 127 and c != 92 else "\\\\%03o" % c for c in name)
            print("tar: %s: %s" % (escaped, reader.fault), file=sys.stderr)
archive.close()
sys.exit(status)'
  fi
}`;

/** What is wrong with a file that was filled up in the archive. */
export type PackFault = 'broken' | 'changed';

/** The files that `pack` has filled up, by name. */
export function parsePackFaults(stderr: string): Map<string, PackFault> {
  const faults = new Map<string, PackFault>();
  for (const [, name = '', what] of stderr.matchAll(/^tar: (.*?): (Read error|File shrank)/gm)) {
    faults.set(unescaped(name), what === 'Read error' ? 'broken' : 'changed');
  }
  return faults;
}

const ESCAPES: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** A name that GNU programs have written in their style `escape`. */
function unescaped(name: string): string {
  const bytes: number[] = [];
  for (const [, octal, letter, plain = ''] of name.matchAll(/\\([0-7]{3})|\\([^])|([^\\]+)/g)) {
    if (octal !== undefined) {
      bytes.push(Number.parseInt(octal, 8));
    } else if (letter !== undefined) {
      bytes.push(ESCAPES[letter] ?? letter.charCodeAt(0));
    } else {
      bytes.push(...Buffer.from(plain));
    }
  }
  return Buffer.from(bytes).toString();
}
