import { FILES, UPLOADS } from '../../api/jobDirectory';
import { command, quote } from '../../shell/quote';
import { ROOM } from '../remote/room';
import { UNPACK } from '../remote/tarCommands';
import { INTACT } from './intact';

/** Said of an upload that was cut. */
export const NOT_ARRIVED = 'not everything has arrived';

/** How much is read of what a submission printed and said, and of its whole answer, in bytes. */
const MOST_PRINTED = 1_000_000;
const MOST_ANSWER = 3_000_000;

/** Before what a submission said on standard error. */
export const ERRORS = '@@ errors';

/** Seconds that an answer is waited for: then, and once there is an id. What comes later, the next attempt finds. */
const ANSWER_SECONDS = 30;
const GRACE_SECONDS = 2;

/** Seconds in which what another host has written is to be seen. */
const SEEN_SECONDS = 5;

/** How a script ends that does not see what another host has written. */
export const NOT_SEEN = 95;

const KEPT = 'uploaded';

/** Statements that print what earlier attempts have left, and end there when there is something. */
export function whatIsKnown(directory: string): string {
  return `known() {
  if [ -e ${FILES.submitOut} ]; then
    echo answer; head -c ${MOST_ANSWER} ${FILES.submitOut}
  elif [ -e ${FILES.submitClaim} ]; then
    id=
    { read -r -n 200 id <${FILES.runId}; } 2>/dev/null
    printf 'claimed\\n%s\\n' "$id"
    [ ! -s ${FILES.submitSaid} ] || head -c ${MOST_ANSWER} ${FILES.submitSaid}
  else
    false
  fi
}
cd ${quote(directory)} 2>/dev/null && known && exit 0
theirs=$(umask)
umask 077`;
}

/**
 * Takes an upload: `$upload` is its folder then, below the job directory, where we are. The archive's last entry is the job
 * file; where it is missing, the archive was cut. Each attempt has a folder of its own: one of a
 * sidecar that has died may still be under way, and must not change what another one has submitted.
 */
export function arrive(directory: string): string {
  return `${UNPACK}
${INTACT}
${ROOM}
${whatIsKnown(directory)}
mkdir -p ${quote(directory)} && cd ${quote(directory)} && upload=$(mktemp -d ${UPLOADS.template}) || {
  room ${quote(directory)}
  exit 1
}
if ! unpack "$upload" <&3 || ! [ -e "$upload/${FILES.jobFile}" ]; then
  echo ${quote(NOT_ARRIVED)} >&2
  room .
  rm -rf "$upload"
  exit 1
fi
exec 3<&-
if ! intact "$upload"; then
  rm -rf "$upload"
  exit 1
fi
rm -f "$upload/${FILES.checksums}"`;
}

/** Leaves an upload for somebody else to submit, and says its name. */
export const KEEP = `printf '${KEPT}\\n%s\\n' "$upload"`;

/** The name of an upload that was kept; null where something else was said. */
export function readKept(stdout: string): string | null {
  const [kind, name = ''] = stdout.split('\n');
  return kind === KEPT && /^upload\.[A-Za-z0-9]+$/.test(name) ? name : null;
}

/** Finds an upload that another host has kept. A shared file system may show it a little later. */
export function find(directory: string, upload: string): string {
  return `${whatIsKnown(directory)}
upload=${quote(upload)}
SECONDS=0
until cd ${quote(directory)} 2>/dev/null && [ -e "$upload/${FILES.jobFile}" ]; do
  [ "$SECONDS" -lt ${SEEN_SECONDS} ] || exit ${NOT_SEEN}
  sleep 0.2
done`;
}

/**
 * Takes the claim, moves the upload into place, and submits. The submission is a
 * process group of its own (`set -m`), which goes on to its answer whatever becomes of us: a site's own command may return
 * when the job is over.
 */
export function take(submitArgv: readonly string[]): string {
  return `mkdir ${FILES.submitClaim} 2>/dev/null || { rm -rf "$upload"; known; exit 0; }
mv "$upload"/* .
submit() {
  (umask "$theirs"; ${command(submitArgv)}) >${FILES.submitSaid} 2>${FILES.submitErr}
  printf '%s\\n' "$?" >${FILES.submitOut}.part
  { head -c ${MOST_PRINTED} ${FILES.submitSaid}; printf '\\n${ERRORS}\\n'; tail -c ${MOST_PRINTED} ${FILES.submitErr}; } >>${FILES.submitOut}.part
  mv ${FILES.submitOut}.part ${FILES.submitOut}
}
set -m
submit </dev/null >/dev/null 2>&1 &
set +m
SECONDS=0 limit=${ANSWER_SECONDS} shown=
until [ -e ${FILES.submitOut} ] || [ "$SECONDS" -ge "$limit" ]; do
  sleep 0.05
  if [ -z "$shown" ] && { [ -s ${FILES.submitSaid} ] || [ -e ${FILES.runId} ]; }; then
    shown=yes limit=$((SECONDS + ${GRACE_SECONDS}))
  fi
done
known
rm -rf ${UPLOADS.all}`;
}
