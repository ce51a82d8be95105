import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { problem } from '../../../src/api/problem';
import {
  type HostFacts,
  Hosts,
  programsOf,
  schedulersOf
} from '../../../src/sidecar/clusters/hosts';
import { local } from '../../../src/sidecar/remote/local';
import type { Remote } from '../../../src/sidecar/remote/remote';
import { makeTemp } from '../../makeTemp';

let home: string;
let bin: string;
let asked: string[];
let forgiven: string[];

beforeEach(() => {
  home = path.join(makeTemp(), 'home with blank');
  bin = path.join(home, 'bin');
  mkdirSync(bin, { recursive: true });
  [asked, forgiven] = [[], []];
});

/** Hosts that are this machine with a home of its own, whose PATH has no batch system. */
function makeHosts(change: (host: string) => Partial<Remote> = () => ({})): Hosts {
  return new Hosts(
    host => ({
      where: host,
      run: command => {
        asked.push(host);
        return local.run({ ...command, environment: { HOME: home, PATH: '/usr/bin:/bin' } });
      },
      close: () => undefined,
      ...change(host)
    }),
    async ({ host }) => void forgiven.push(String(host))
  );
}

test('a host whose shell hangs is given up long before other commands are', async () => {
  const seconds: number[] = [];
  const hosts = makeHosts(() => ({
    run: command => {
      seconds.push(command.timeoutSeconds);
      throw problem('cluster-unreachable', { cluster: 'x' });
    }
  }));
  await expect(hosts.find('x', 'nobody')).rejects.toThrow('cluster-unreachable');
  expect(seconds).toEqual([45]);
});

function startUp(text: string): void {
  writeFileSync(path.join(home, '.bash_profile'), text);
}

function program(name: string): void {
  writeFileSync(path.join(bin, name), '#!/bin/sh\n', { mode: 0o755 });
}

const find = (hosts: Hosts, host = 'hpc'): Promise<HostFacts> => hosts.find(host, 'nobody');

/** For those who have the real one on their PATH. */
const PLAIN: Partial<Remote> = {
  run: command =>
    local.run({
      ...command,
      environment: { HOME: home, PATH: `${bin}:${path.join(home, 'tools')}` }
    })
};

/** Only what the look itself needs. */
function withTools(): void {
  const tools = path.join(home, 'tools');
  mkdirSync(tools);
  for (const name of ['bash', 'timeout', 'env']) {
    writeFileSync(path.join(tools, name), `#!/bin/sh\nexec /usr/bin/${name} "$@"\n`, {
      mode: 0o755
    });
  }
}

test('a batch system on the PATH is found without a login shell', async () => {
  program('sbatch');
  startUp('touch "$HOME/was-asked"\nexport SLURM_CONF=/never\n');
  const hosts = makeHosts(() => ({
    run: command =>
      local.run({ ...command, environment: { HOME: home, PATH: `${bin}:/usr/bin:/bin` } })
  }));
  expect(await find(hosts)).toEqual({ home, schedulers: ['slurm'], variables: {}, site: null });
});

test('one that only a login shell finds comes with the variables that it needs', async () => {
  withTools();
  program('sbatch');
  mkdirSync(path.join(home, 'login'));
  writeFileSync(path.join(home, 'login/sbatch'), '#!/bin/sh\n', { mode: 0o755 });
  startUp(
    `echo Welcome; echo '@@ greetings'; printf 'no line end'
export PATH='${home}/login:/usr/bin:/bin' SLURM_CONF='/etc/a b/slurm.conf' OTHER=x`
  );
  const hosts = makeHosts(() => ({
    run: command =>
      local.run({ ...command, environment: { HOME: home, PATH: path.join(home, 'tools') } })
  }));
  expect(await find(hosts)).toEqual({
    home,
    schedulers: ['slurm'],
    variables: { PATH: `${home}/login:/usr/bin:/bin`, SLURM_CONF: '/etc/a b/slurm.conf' },
    site: null
  });
});

test('where there is none, nothing but the home is known', async () => {
  withTools();
  startUp('export SLURM_CONF=/x PATH=/nowhere; exit 3\n');
  expect(await find(makeHosts(() => PLAIN))).toEqual({
    home,
    schedulers: [],
    variables: {},
    site: null
  });
});

test('a host without a home is told, with what it answered', async () => {
  const hosts = makeHosts(() => ({
    run: command => local.run({ ...command, environment: { HOME: '', PATH: '/usr/bin:/bin' } })
  }));
  await expect(find(hosts)).rejects.toMatchObject({
    problem: { code: 'command-failed', values: { cluster: 'hpc' } }
  });
});

test('each host is asked once, whoever asks, and nobody is before', async () => {
  const hosts = makeHosts();
  expect(hosts.known('one')).toBeNull();
  expect(asked).toEqual([]);
  const [first, second] = await Promise.all([find(hosts, 'one'), find(hosts, 'one')]);
  expect(first).toBe(second);
  await find(hosts, 'two');
  await find(hosts, 'one');
  expect(asked).toEqual(['one', 'two']);
  expect(hosts.known('one')).toBe(first);
  expect(forgiven).toEqual([]);
});

test('what failed is asked again the next time; a person who insists is heard', async () => {
  let fails = true;
  const hosts = makeHosts(() => ({
    run: command => {
      asked.push('one');
      return fails ? Promise.reject(new Error('no')) : local.run(command);
    }
  }));
  await expect(find(hosts)).rejects.toThrow('no');
  expect(hosts.known('hpc')).toBeNull();
  await expect(hosts.find('hpc', 'person')).rejects.toThrow('no');
  expect(forgiven).toEqual(['hpc']);
  fails = false;
  await find(hosts);
  expect(asked.length).toBe(3);
});

test('the name of a host is known although its login fails, and asked for once', async () => {
  const named: string[] = [];
  const hosts = new Hosts(
    () => local,
    async () => {
      throw new Error('no login');
    },
    async host => {
      named.push(host);
      return 'login.example.org';
    }
  );
  expect(hosts.nameFor('ada@hpc')).toBe('hpc');
  await expect(hosts.find('hpc', 'person')).rejects.toThrow('no login');
  await expect(hosts.find('hpc', 'person')).rejects.toThrow('no login');
  expect([hosts.nameFor('hpc'), named]).toEqual(['login.example.org', ['hpc']]);
});

test('what is forgotten is asked for anew, and known as it was until there is an answer', async () => {
  const answers: (() => void)[] = [];
  const hosts = makeHosts(() => ({
    run: async command => {
      await new Promise<void>(resolve => answers.push(resolve));
      return local.run({ ...command, environment: { HOME: home, PATH: '/usr/bin:/bin' } });
    }
  }));
  const first = find(hosts);
  hosts.forget('hpc');
  const second = find(hosts);
  answers[1]?.();
  const newest = await second;
  expect(hosts.known('hpc')).toBe(newest);
  // An answer that comes late is older than what is known.
  answers[0]?.();
  await first;
  expect(hosts.known('hpc')).toBe(newest);
  hosts.forget('hpc');
  expect(hosts.known('hpc')).toBe(newest);
});

test('the batch system of a host is the one of the settings, where it is there, or all that are', () => {
  const facts = (...schedulers: HostFacts['schedulers']): HostFacts => ({
    home: '/home/ada',
    schedulers,
    variables: {},
    site: null
  });
  expect(schedulersOf(facts('slurm'), undefined)).toEqual(['slurm']);
  expect(schedulersOf(facts(), undefined)).toEqual([]);
  expect(schedulersOf(facts(), 'slurm')).toEqual([]);
  expect(schedulersOf(facts('slurm', 'lsf'), 'slurm')).toEqual(['slurm']);
  expect(schedulersOf(facts('slurm', 'lsf'), undefined)).toEqual(['slurm', 'lsf']);
  expect(schedulersOf(facts('slurm'), 'local')).toEqual(['local']);
  expect(schedulersOf(facts(), 'local')).toEqual(['local']);
  expect(programsOf('slurm')).toBe('sbatch');
  expect(programsOf(undefined)).toContain('sbatch');
});
