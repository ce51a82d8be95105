import { FILES } from '../../api/jobDirectory';

/**
 * `intact FOLDER` is whether what lies there is what was sent, by the checksums that came with it; it says what is not.
 * openssl uses what processors have for that, and needs little of the time of sha256sum, which for a large file takes as long as
 * sending it; where it is not there, or says anything else, sha256sum has the word. A host with neither does without.
 */
export const INTACT = `intact() (
  cd "$1" || exit
  {
    sed -n 's/^[0-9a-f]\\{64\\}  //p' ${FILES.checksums} | tr '\\n' '\\0' | xargs -0 openssl dgst -sha256 -r |
      cut -d ' ' -f 1 | cmp -s - <(cut -d ' ' -f 1 ${FILES.checksums})
  } 2>/dev/null && exit
  ! command -v sha256sum >/dev/null || sha256sum -c --quiet ${FILES.checksums} >&2
)`;
