import { Readable } from 'node:stream';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Agents } from '../../src/sidecar/agents';
import { systemClock } from '../../src/sidecar/clock';
import { Faults } from '../../src/sidecar/faults';
import { Remotes } from '../../src/sidecar/remotes';
import { type Script, runScript } from '../../src/sidecar/remote/script';
import { Collected } from '../../src/sidecar/remote/collected';
import type { RemoteAnswer } from '../../src/sidecar/remote/remote';
import { type TestCluster, startCluster, stopCluster, whyNoCluster } from './testCluster';

const reason = whyNoCluster();
const faults = new Faults(undefined);

describe.skipIf(reason !== null)(
  `a real SSH server${reason === null ? '' : ` (skipped: ${reason})`}`,
  () => {
    let cluster: TestCluster;
    let remotes: Remotes;

    beforeAll(() => {
      cluster = startCluster();
      remotes = remotesWith(cluster.sshConfig);
    }, 60_000);

    afterEach(() => remotes.dropAll());

    afterAll(() => {
      remotes.close();
      stopCluster();
    }, 60_000);

    function run(host: string, script: Script): Promise<RemoteAnswer> {
      return runScript({ remote: remotes.of({ host }), faults }, script);
    }

    test.each(['slurm', 'slurm-tcsh', 'slurm-printing', 'slurm-no-sftp'])(
      'commands run on %s, with bytes there and back, exit code and signal',
      async host => {
        const bytes = Buffer.from(
          Array.from({ length: 1_000_003 }, (_, index) => (index * 7) % 256)
        );
        const output = new Collected();
        const body = 'echo err >&2; cat <&3; exit 7';
        const answer = await run(host, { body, input: Readable.from([bytes]), output });
        expect(answer.exitCode).toBe(7);
        expect(answer.stderr).toContain('err\n');
        expect(output.bytes.equals(bytes)).toBe(true);
        const text = await run(host, {
          body: 'echo "$BASH_VERSION" | cut -c1; printf "%s" "$LANG"'
        });
        expect(text.stdout).toMatch(/^[4-9]\n/);
        const killed = await run(host, { body: 'kill -KILL $$' });
        // Bash as a login shell becomes the command that it is given; tcsh stays, and says how it ended.
        expect(killed.signal ?? killed.exitCode).toBe(host === 'slurm-tcsh' ? 137 : 'SIGKILL');
      }
    );
  }
);

function remotesWith(configFile: string): Remotes {
  return new Remotes(configFile, new Agents({}), systemClock, pino({ level: 'silent' }));
}
