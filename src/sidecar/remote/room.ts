/**
 * `room FOLDER`: where a megabyte cannot be written into it, or into the nearest folder above that is there, says on standard error why not, in
 * English, with what the system tells of the disk and of the person's quota. Until all is on the disk a quota may not show.
 */
export const ROOM = `numbers() { LC_ALL=C df -hP -- "$1"; LC_ALL=C timeout 5 quota -s; } 2>/dev/null </dev/null
room() {
  set -- "$1"
  until [ -d "$1" ] || [ -z "$1" ]; do set -- "\${1%/*}"; done
  (
    export LC_ALL=C
    file=$(mktemp -- "$1/room.XXXXXXXX") || exit
    dd if=/dev/zero of="$file" bs=65536 count=16 conv=fsync status=none
    ended=$?
    rm -f -- "$file"
    exit "$ended"
  ) >&2 || numbers "\${1:-/}" >&2
}`;

/** What there is none left of, by the words of programs in English: room on the disk, or of the person's quota; null for any others. */
export function noRoomIn(said: string): 'disk' | 'quota' | null {
  if (/quota exceeded/i.test(said)) {
    return 'quota';
  }
  return /No space left on device/i.test(said) ? 'disk' : null;
}
