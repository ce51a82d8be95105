import { type ProblemError, problem } from '../../src/api/problem';
import { local } from '../../src/sidecar/remote/local';
import type { Remote, RemoteAnswer, RemoteCommand } from '../../src/sidecar/remote/remote';
import { STALL_SECONDS } from '../../src/sidecar/remote/stall';

/** This machine, with a connection that a test may cut. */
export class TrickyRemote implements Remote {
  readonly where = 'tricky';
  stallSeconds = STALL_SECONDS;
  /** The scripts that were run, whatever became of them. */
  readonly scripts: string[] = [];
  /** Nothing reaches the other side. */
  isDown = false;
  /** The next command runs to its end, and its answer gets lost. */
  losesAnswer = false;
  /** Bash before the lines of every command, and behind them. */
  prelude = '';
  coda = '';
  /** What to do before the next command. */
  before: (() => Promise<void> | void) | null = null;

  async run(command: RemoteCommand): Promise<RemoteAnswer> {
    this.scripts.push(command.script);
    const { before, losesAnswer } = this;
    this.before = null;
    this.losesAnswer = false;
    await before?.();
    if (this.isDown) {
      command.input?.destroy();
      throw unreachable();
    }
    const script = command.script
      .replace('(\n', begin => begin + this.prelude)
      .replace(/\n\)\n$/, end => `${this.coda}${end}`);
    const answer = await local.run({ ...command, script });
    if (losesAnswer) {
      throw unreachable();
    }
    return answer;
  }

  /** Has commands obey the modes of files, as root's do not. */
  obeysModes(): void {
    if (process.getuid?.() === 0) {
      const without = 'setpriv --bounding-set -all --inh-caps -all';
      this.prelude = `exec ${without} bash -c "$(cat <<'BODY'\n`;
      this.coda = '\nBODY\n)"';
    }
  }
}

function unreachable(): ProblemError {
  return problem('cluster-unreachable', { cluster: 'This machine' });
}
