import pino from 'pino';
import type { KeyboardAuthContext } from 'ssh2';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Asker } from '../../../src/sidecar/remote/asker';
import { opensshWay } from '../../../src/sidecar/remote/openssh/connection';
import { ssh2Way } from '../../../src/sidecar/remote/ssh2/connection';
import { Passphrases } from '../../../src/sidecar/remote/ssh2/passphrases';
import { Telling } from '../../../src/sidecar/remote/telling';
import { makeTemp } from '../../makeTemp';
import { Person } from './openssh/person';
import { makeKey } from './ssh2/keys';
import { SshServer, at, writeConfig, writeKnownHosts } from './ssh2/sshServer';

const LOG = pino({ level: 'silent' });
const PUSHED = 'A push was sent to your "téléphone" \\o/\nsecond line';

describe('what a host tells without asking anything', () => {
  const show = vi.fn<(text: string, over: AbortSignal) => Promise<void>>();
  const failed = vi.fn<(error: unknown) => void>();
  let telling: Telling;

  beforeEach(() => {
    vi.useFakeTimers();
    show.mockReset().mockReturnValue(new Promise(() => undefined));
    failed.mockReset();
    telling = new Telling(show, failed, 1000);
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  test('goes with the question that comes soon, and is not shown before it', async () => {
    telling.say('Duo', 'Your password has expired.');
    telling.say('');
    await vi.advanceTimersByTimeAsync(999);
    expect(telling.take()).toBe('Duo\nYour password has expired.');
    await vi.advanceTimersByTimeAsync(5000);
    expect(show).not.toHaveBeenCalled();
    expect(telling.take()).toBe('');
  });

  test('is shown by itself where nothing comes, with all of it, and goes for a question that has it', async () => {
    telling.say('one');
    await vi.advanceTimersByTimeAsync(1000);
    telling.say('two');
    await vi.advanceTimersByTimeAsync(1000);
    expect(show.mock.calls.map(([text, { aborted }]) => [text, aborted])).toEqual([
      ['one', true],
      ['one\ntwo', false]
    ]);
    expect(telling.take()).toBe('one\ntwo');
    expect(show.mock.calls.at(-1)?.[1].aborted).toBe(true);
  });

  test('ends the login where the person wants no more of it, and not where it is taken away', async () => {
    const cancelled = new Error('no more of it');
    show.mockRejectedValueOnce(cancelled);
    telling.say('one');
    await vi.advanceTimersByTimeAsync(1000);
    expect(failed.mock.calls).toEqual([[cancelled]]);
    show.mockImplementationOnce(
      (_, over) => new Promise((_resolve, reject) => over.addEventListener('abort', reject))
    );
    telling.say('two');
    await vi.advanceTimersByTimeAsync(1000);
    telling.end();
    await vi.advanceTimersByTimeAsync(0);
    expect(failed).toHaveBeenCalledTimes(1);
  });

  test('is cut where there is no end to it', () => {
    for (let lines = 0; lines < 2000; lines += 1) {
      telling.say('x'.repeat(100));
    }
    expect(telling.take().length).toBeLessThanOrEqual(10_000);
  });
});

describe.each(['ssh2', 'openssh'] as const)('by %s, a round without prompts', by => {
  /** Logs in at a host that tells something first, and goes on with `next`. */
  async function logIn(
    asker: Asker | null,
    next: (context: KeyboardAuthContext) => void
  ): Promise<void> {
    const folder = makeTemp();
    const hostKey = makeKey(folder, 'host');
    const server = await SshServer.start({
      hostKeys: [hostKey],
      users: [],
      authenticate: context => {
        if (context.method === 'keyboard-interactive') {
          context.prompt([], 'Duo login', PUSHED, () => next(context));
        } else {
          context.reject(['keyboard-interactive']);
        }
      }
    });
    writeKnownHosts(folder, [`${at(server)} ${hostKey.line}`]);
    const configFile = writeConfig(folder, `Host hpc\n  Port ${server.port}`);
    const given = { configFile, passphrases: new Passphrases() };
    const way =
      by === 'ssh2'
        ? ssh2Way('hpc', () => ({ ...given, agentSockets: [] }), LOG)
        : opensshWay('hpc', async () => ({ ...given, environment: process.env }), LOG);
    (await way.connect(asker)).close();
  }

  test('is shown while the host waits for something else, and goes when the login is through', async () => {
    const person = new Person('wait');
    await logIn(person, context => {
      void vi
        .waitUntil(() => person.rounds.length === 1, { timeout: 10_000 })
        .then(() => context.accept());
    });
    expect(person.rounds).toMatchObject([
      { kind: 'prompts', instruction: `Duo login\n${PUSHED}`, prompts: [] }
    ]);
    expect(person.withdrawn).toBe(1);
  });

  test('is in the question that comes next', async () => {
    const person = new Person();
    vi.spyOn(person, 'ask').mockImplementation(async (round, over) => {
      person.rounds.push(round);
      if (round.prompts.length === 0) {
        await new Promise((_, reject) => over.addEventListener('abort', reject));
      }
      return ['123456'];
    });
    const heard: string[][] = [];
    await logIn(person, context =>
      context.prompt([{ prompt: 'Code: ', echo: true }], '', 'Have it ready.', answers => {
        heard.push(answers);
        context.accept();
      })
    );
    expect(heard).toEqual([['123456']]);
    expect(person.rounds.at(-1)).toMatchObject({
      instruction: `Duo login\n${PUSHED}\nHave it ready.`,
      prompts: [{ text: 'Code: ' }]
    });
  });

  test('ends the login where the person wants no more of it', async () => {
    await expect(logIn(new Person('cancel'), () => undefined)).rejects.toMatchObject({
      problem: { code: 'sign-in-cancelled' }
    });
  });
});
