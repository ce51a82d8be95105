/** What ssh says before a host's own questions, and what it says by itself while a host asks. */
const HOST_ASKS = /^debug1: Next authentication method: (\S+)/;
const BY_SSH =
  /^(?:debug\d: |Authenticated |Connection |Disconnect|Received disconnect|Warning: |Permission denied|\S+: Permission denied)/;

/** The most letters of a line. */
const LONGEST_LINE = 10_000;

/**
 * Finds, in what ssh prints, what a host tells beside its questions: their name and instruction, which ssh prints as they are
 * (sshconnect2.c, input_userauth_info_req). Nothing is decided by it, as a host can put anything there.
 */
export class ToldByHost {
  private rest = '';
  private isAsking = false;

  /** @param told Called for each line. */
  constructor(private readonly told: (line: string) => void) {}

  hear(text: string): void {
    const lines = `${this.rest}${text}`.split('\n');
    this.rest = lines.pop()?.slice(-LONGEST_LINE) ?? '';
    lines.forEach(line => this.read(line.replace(/\r$/, '')));
  }

  private read(line: string): void {
    const [, method] = HOST_ASKS.exec(line) ?? [];
    if (method !== undefined) {
      this.isAsking = method === 'keyboard-interactive';
    } else if (this.isAsking && !BY_SSH.test(line)) {
      this.told(shown(line));
    }
  }
}

/** What was meant: ssh writes what is no ASCII in octal digits (log.c; vis(3), VIS_OCTAL). */
function shown(line: string): string {
  const bytes = Buffer.from(line)
    .toString('latin1')
    .replace(/\\(\\|\d{3})/g, (_, what: string) =>
      what === '\\' ? what : String.fromCharCode(Number.parseInt(what, 8))
    );
  return Buffer.from(bytes, 'latin1').toString();
}
