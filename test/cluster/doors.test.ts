import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newJobId } from '../../src/api/job';
import type { Question } from '../../src/api/question';
import { start } from '../cli/command';
import { Bench } from '../jobs/harness';
import { notebook, outputsOf } from '../jobs/notebook';
import { sourceFolder } from '../jobs/sourceFolder';
import { pathWithSsh } from '../sidecar/remote/openssh/otherSsh';
import {
  type Counts,
  type Instead,
  OURS,
  Person,
  codeOf,
  countsOf,
  cutOff,
  doorOf,
  filesWith,
  passwordOf,
  variablesFor
} from './doors';
import {
  type TestCluster,
  clusterOf,
  skippedFor,
  startCluster,
  stopCluster,
  whyNoDoors
} from './testCluster';

const reason = whyNoDoors();

/** The door whose `ssh` cannot multiplex. */
const ALONE = 'olcf-alone';

/** Each door's host, what it copies, and the doors that a login there goes through before it. */
const DOORS: { door: string; copies: string; gates?: string[] }[] = [
  { door: 'tacc', copies: 'TACC: password, then token' },
  { door: 'olcf', copies: 'OLCF: a passcode for one login, one session' },
  { door: ALONE, copies: 'The same, by an ssh without multiplexing' },
  { door: 'nersc', copies: 'NERSC: password and code in one field' },
  { door: 'sherlock', copies: 'Sherlock, Princeton: no keys; password, then a menu' },
  { door: 'mpcdf', copies: 'MPCDF: gateway and target each ask', gates: ['mpcdf-gate'] },
  {
    door: 'mpcdf-krb',
    copies: 'MPCDF: a ticket of Kerberos for each password, handed on',
    gates: ['mpcdf-krb-gate']
  },
  { door: 'archer2', copies: 'ARCHER2: key with passphrase, then code' },
  { door: 'alliance', copies: 'Alliance: key, then a menu' },
  {
    door: 'alliance-robot',
    copies: 'Alliance, for automation: a key with a list of commands that has `/usr/bin/env bash`'
  },
  { door: 'lumi', copies: 'LUMI, CSC, Euler: key only' },
  { door: 'nodes', copies: 'Several machines behind one name, each with a host key of its own' },
  { door: 'fasrc', copies: 'FASRC: two prompts at each login' },
  { door: 'brown', copies: 'Brown: password, then a menu' },
  { door: 'brown-campus', copies: 'Brown: the second host, for keys' },
  { door: 'jsc', copies: 'JSC: key from known addresses, a firewall that counts' },
  {
    door: 'cscs',
    copies: 'CSCS, Roihu: a certificate for a day, at a gateway and behind it',
    gates: ['cscs-ela']
  },
  { door: 'nersc-proxy', copies: 'NERSC: a certificate, and a host that only a CA vouches for' },
  { door: 'sherlock-ticket', copies: 'Sherlock: a ticket of Kerberos, then a menu' },
  { door: 'fido', copies: 'A key on a FIDO device, with PIN and touch' },
  { door: 'card', copies: 'A key on a card (PKCS#11), with PIN' },
  { door: 'expired', copies: 'A password that has to be changed' }
];

/** What was seen at a door: a row of the table. */
interface Visit {
  asked: Question[];
  counts: Counts;
}

describe.skipIf(reason !== null)(`the doors of centres${skippedFor(reason)}`, () => {
  let cluster: TestCluster;
  let bench: Bench;
  let person: Person;
  const visits = new Map<string, Visit>();

  beforeAll(async () => {
    clusterOf(__filename);
    cluster = startCluster('--doors');
    ({ bench, person } = await sitDown());
  });

  afterAll(async () => {
    await bench.stop();
    stopCluster();
  });

  function service(): Promise<Bench> {
    return Bench.start({
      variables: {
        JUPYTERLAB_SUBMIT_SSH_CONFIG: cluster.sshConfig,
        PATH: pathWithSsh('has no multiplexing', ALONE),
        ...variablesFor(cluster)
      },
      settings: { clusters: [{ name: ALONE, host: ALONE, transport: 'openssh' }] }
    });
  }

  /** A service, and a person before it. */
  async function sitDown(instead?: Instead): Promise<Desk> {
    const started = await service();
    const somebody = new Person(cluster, started.client, instead);
    void somebody.watch().catch(() => undefined);
    return { bench: started, person: somebody };
  }

  /** What a door counts from now on. */
  function counter(door: string): () => Omit<Counts, 'clients'> {
    const before = countsOf(cluster, door);
    return () => {
      const after = countsOf(cluster, door);
      return {
        connections: after.connections - before.connections,
        ended: after.ended - before.ended,
        logins: after.logins - before.logins,
        failures: after.failures - before.failures
      };
    };
  }

  function form(door: string, cell = 'print("from there")'): object {
    const { notebook: file } = sourceFolder({ 'some.ipynb': notebook(cell) });
    return { notebook: file, cluster: door, cores: 1, time: '5m', python: cluster.python };
  }

  test.concurrent.each(DOORS)(
    '$door: a job is submitted, watched and collected through it with one login',
    async ({ door, gates = [] }) => {
      const before = [door, ...gates].map(one => countsOf(cluster, one));
      const id = newJobId(Math.random);
      await bench.client.submit(id, form(door), { asks: true });
      const job = await bench.end(id, 60);
      expect(job).toMatchObject({ state: 'succeeded', cause: null, result: { place: 'here' } });
      expect(job.startedAt).not.toBeNull();
      expect(outputsOf(job.result.notebook ?? '')).toEqual(['from there\n']);
      const after = [door, ...gates].map(one => countsOf(cluster, one));
      expect(before.map(({ connections }) => connections)).toEqual(before.map(() => 0));
      after.forEach(counts =>
        expect(counts).toMatchObject({ connections: 1, logins: 1, failures: 0 })
      );
      visits.set(door, { asked: person.askedFor(door), counts: after[0] as Counts });
    },
    90_000
  );

  test('the table of docs/doors.md is what was seen', () => {
    const table = tableOf(visits);
    mkdirSync('.reports', { recursive: true });
    writeFileSync('.reports/doors.md', table);
    expect(readFileSync('docs/doors.md', 'utf8'), 'Seen now: .reports/doors.md').toContain(table);
  });

  test.each(['olcf', ALONE, 'sherlock-ticket'])(
    '%s: one login serves the next job; when the connection falls, nobody asks before a person does, and the job goes on',
    async door => {
      const since = counter(door);
      const asked = person.askedFor(door).length;
      const id = newJobId(Math.random);
      const cell = 'import time\nprint("begun", flush=True)\ntime.sleep(600)';
      await bench.client.submit(id, form(door, cell));
      await bench.until(id, ({ state }) => state === 'running');
      await bench.client.log(id, 'job', 0);
      expect(since()).toMatchObject({ connections: 0, failures: 0 });
      cutOff(cluster, door);
      await bench.until(id, ({ contact }) => contact.problem?.code === 'login-asks');
      expect(person.askedFor(door)).toHaveLength(asked);
      expect((await bench.client.refresh(id, { asks: true })).state).toBe('running');
      expect(person.askedFor(door)).toHaveLength(2 * asked);
      await bench.client.cancel(id);
      expect(await bench.end(id)).toMatchObject({ state: 'cancelled' });
      expect(since()).toMatchObject({ logins: 1, failures: 0 });
    },
    90_000
  );

  test('a check says that an ssh without multiplexing has one session', async () => {
    const { parts } = await bench.client.checkCluster({ cluster: ALONE }, { asks: true });
    expect(parts.find(({ what }) => what === 'reachable')).toMatchObject({
      values: { transport: 'openssh', reason: 'setting', alone: 'unknown option -- S' }
    });
  });

  test('nothing that was typed is kept in a file, log or database of the service, or at the cluster', () => {
    expect(person.secrets.size).toBeGreaterThan(8);
    const folders = [path.dirname(bench.data), path.join(cluster.folder, 'home')];
    expect(folders.flatMap(folder => filesWith(folder, person.secrets))).toEqual([]);
    expect(filesWith(bench.data, ['sherlock'])).not.toEqual([]);
  });

  test('a terminal asks what a door asks, shows nothing of what is typed, and is told the end', async () => {
    const other = await service();
    const { notebook: file } = sourceFolder({ 'some.ipynb': notebook('print("from there")') });
    const argv = [file, '--cluster', 'fasrc', '--cores', '1', '--time', '5m'];
    const command = await start([...argv, '--python', cluster.python], {
      socket: other.socket,
      inTerminal: true,
      env: { TERM: 'xterm-256color' }
    });
    const secrets = [passwordOf(cluster), codeOf(cluster, 'fasrc')];
    await command.says('Password: ');
    command.process.stdin.write(`${secrets[0]}\r`);
    await command.says('VerificationCode: ');
    command.process.stdin.write(`${secrets[1]}\r`);
    const { exitCode, stdout } = await command.ended;
    expect(stdout).toContain('some');
    expect(exitCode, stdout).toBe(0);
    secrets.forEach(secret => expect(stdout).not.toContain(secret));
    expect(filesWith(path.dirname(other.data), secrets)).toEqual([]);
    await other.stop();
  }, 60_000);

  test.each([
    ['tacc', 'login-asks'],
    ['olcf', 'login-asks'],
    ['sherlock', 'login-asks'],
    ['sherlock-ticket', 'login-asks'],
    ['archer2', 'key-locked'],
    ['alliance', 'login-asks']
  ])(
    '%s: a wrong answer is one failed attempt, and nobody tries again without a person',
    async (door, unasked) => {
      const wrong = await sitDown(question =>
        question.kind === 'prompts' ? question.prompts.map(() => 'not this') : undefined
      );
      const since = counter(door);
      const submitted = wrong.bench.client.submit(newJobId(Math.random), form(door), {
        asks: true
      });
      await expect(submitted).rejects.toMatchObject({ problem: { code: 'answer-refused' } });
      const byItself = wrong.bench.client.check(form(door));
      await expect(byItself).rejects.toMatchObject({ problem: { code: 'answer-refused' } });
      await expect.poll(since).toMatchObject({ connections: 1, ended: 1, failures: 1 });
      const nobodyThere = wrong.bench.client.check(form(door), { insists: true });
      await expect(nobodyThere).rejects.toMatchObject({ problem: { code: unasked } });
      expect(filesWith(path.dirname(wrong.bench.data), ['not this'])).toEqual([]);
      await wrong.bench.stop();
      await expect.poll(since).toMatchObject({ connections: 2, ended: 2, logins: 0, failures: 1 });
    }
  );

  test('cscs-late: a certificate of yesterday is what is told', async () => {
    const asked = bench.client.submit(newJobId(Math.random), form('cscs-late'), { asks: true });
    await expect(asked).rejects.toMatchObject({ problem: { code: 'certificate-expired' } });
  });

  test('alliance-list: a key whose list of commands lacks bash is told, in the words of the site', async () => {
    const asked = bench.client.submit(newJobId(Math.random), form('alliance-list'), { asks: true });
    await expect(asked).rejects.toMatchObject({
      problem: {
        code: 'start-up-files',
        details: { output: expect.stringContaining('This command is not allowed here.') }
      }
    });
  });

  test('nodes: a connection that falls is made again, to the next machine, and nothing is asked', async () => {
    const since = counter('nodes');
    const id = newJobId(Math.random);
    const cell = 'import time\nprint("begun", flush=True)\ntime.sleep(600)';
    await bench.client.submit(id, form('nodes', cell));
    await bench.until(id, ({ state }) => state === 'running');
    for (const logins of [1, 2, 3]) {
      cutOff(cluster, 'nodes');
      await expect
        .poll(
          async () => {
            await bench.client.refresh(id, { asks: true });
            return since().logins;
          },
          { timeout: 20_000 }
        )
        .toBe(logins);
    }
    await bench.client.cancel(id);
    expect(await bench.end(id)).toMatchObject({ state: 'cancelled' });
    const machines = readFileSync(path.join(cluster.folder, 'sshd-nodes.output'), 'utf8');
    expect(new Set(machines.match(/host_key\d?$/gm)).size).toBe(3);
    expect(person.askedFor('nodes')).toEqual([]);
  }, 90_000);

  test('mpcdf-krb: the ticket is handed on to the host', () => {
    const { uid } = statSync(cluster.home.replace(/slurm$/, 'mpcdf-krb'));
    expect(readdirSync('/tmp').filter(name => name.startsWith(`krb5cc_${uid}`))).toHaveLength(1);
  });

  test.each(['tacc', 'mpcdf-gate', 'alliance', 'sherlock-ticket', 'card'])(
    '%s: cancelled is no failed attempt',
    async door => {
      const leaving = await sitDown(() => null);
      const since = counter(door);
      const submitted = leaving.bench.client.submit(newJobId(Math.random), form(door), {
        asks: true
      });
      await expect(submitted).rejects.toMatchObject({ problem: { code: 'sign-in-cancelled' } });
      await leaving.bench.stop();
      await expect.poll(since).toMatchObject({ connections: 1, ended: 1, logins: 0, failures: 0 });
    }
  );
});

interface Desk {
  bench: Bench;
  person: Person;
}

function tableOf(visits: Map<string, Visit>): string {
  const rows = DOORS.map(({ copies, door, gates = [] }) => {
    const visit = visits.get(door);
    if (visit === undefined) {
      return [`\`${door}\``, copies, 'failed'];
    }
    const { asked, counts } = visit;
    const at = (question: Question): string => (gates.length > 0 ? `${doorOf(question)}: ` : '');
    const questions = asked.flatMap(question =>
      question.kind === 'prompts'
        ? [`${at(question)}\`${wordsOf(question)}\``]
        : [KINDS[question.kind] ?? question.kind]
    );
    return [
      `\`${door}\``,
      copies,
      counts.clients.map(client => WAYS[client] ?? client).join(', '),
      questions.length > 0 ? questions.join(', then ') : 'nothing',
      `${counts.connections}${gates.length > 0 ? ` at each of ${gates.length + 1}` : ''}`,
      String(counts.logins),
      'ok',
      'ok',
      'ok'
    ];
  });
  const head = ['door', 'copies', 'way', 'asks', 'connections', 'logins'];
  head.push('submit', 'watch', 'collect');
  return [head, head.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |\n`).join('');
}

/** What the clients of the ways call themselves. */
const WAYS: Record<string, string> = { ssh2js1: 'ssh2', OpenSSH: 'OpenSSH' };

/** What is no text of the host's. */
const KINDS: Partial<Record<Question['kind'], string>> = {
  passphrase: 'the passphrase or PIN of the key',
  touch: 'a touch'
};

/** What the host says, and asks, on one line. */
function wordsOf({ instruction, prompts }: Question): string {
  return [instruction, ...prompts.map(({ text }) => text)]
    .join('\n')
    .replace(OURS, '')
    .trim()
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
    .join(' / ');
}
