import pino from 'pino';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/sidecar/process/clock';
import { chosenWay } from '../../../src/sidecar/remote/chosenWay';
import { oneSession } from '../../../src/sidecar/remote/oneShell/oneSession';
import type { RemoteAnswer, RemoteCommand } from '../../../src/sidecar/remote/remote';
import { inSlots } from '../../../src/sidecar/remote/slots';
import type { Connection } from '../../../src/sidecar/remote/way';
import { Hpc } from './openssh/hpc';
import { type Sshd, whyNoSshd } from './openssh/sshd';
import { makeKey } from './ssh2/keys';
import { millions } from './millions';
import { Passphrases } from '../../../src/sidecar/remote/ssh2/passphrases';

const reason = whyNoSshd();
const SKIPPED = reason === null ? '' : ` (skipped: ${reason})`;

describe.skipIf(reason !== null).each(['ssh2', 'openssh'] as const)(
  `one session and one login are enough, by %s${SKIPPED}`,
  asked => {
    let server: Sshd;
    let connection: Connection;

    beforeEach(async () => {
      const hpc = new Hpc();
      server = await hpc.start(['MaxSessions 1']);
      const options = {
        configFile: hpc.config(server),
        agentSockets: [],
        passphrases: new Passphrases()
      };
      const transport = { asked: () => asked, chosen: () => undefined };
      const way = chosenWay('hpc', transport, () => options, pino({ level: 'silent' }));
      connection = await inSlots(oneSession(way, systemClock), 6, systemClock).connect(null);
      onTestFinished(() => connection.close());
      // Who has logged in once will not be let in again.
      hpc.admit(makeKey(hpc.home, 'another'));
    });

    function run(script: string, more: Partial<RemoteCommand> = {}): Promise<RemoteAnswer> {
      return connection.run({ script, timeoutSeconds: 30, ...more });
    }

    test('for commands that come together, and what they send and fetch', async () => {
      const answers = await Promise.all(
        Array.from({ length: 9 }, (_, index) => run(`echo ${index}; exit ${index}`))
      );
      expect(answers.map(({ exitCode, stdout }) => [exitCode, stdout])).toEqual(
        Array.from({ length: 9 }, (_, index) => [index, `${index}\n`])
      );
      const { areSame, input, output } = millions(20);
      const [, beside] = await Promise.all([
        run('cat <&3; exit 3', { input, output }),
        run('echo beside')
      ]);
      expect(areSame()).toBe(true);
      expect(beside.stdout).toBe('beside\n');
      expect(server.count('Accepted publickey')).toBe(1);
    });

    test('for one that hangs, and those after it', async () => {
      await Promise.all([run('sleep 0.2'), run('sleep 0.2')]);
      await expect(
        run("trap '' TERM HUP; while :; do sleep 60; done", { timeoutSeconds: 1 })
      ).rejects.toMatchObject({
        problem: { code: 'cluster-unreachable', details: { output: 'no answer within 1 s' } }
      });
      expect(await run('echo next')).toMatchObject({ stdout: 'next\n', exitCode: 0 });
      expect(server.count('Accepted publickey')).toBe(1);
    });
  }
);
