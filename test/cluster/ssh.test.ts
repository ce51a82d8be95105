import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { type AddressInfo, type Server, connect, createServer } from 'node:net';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import pino from 'pino';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test
} from 'vitest';
import { newJobId } from '../../src/api/job';
import { Agents } from '../../src/sidecar/remote/agents';
import { systemClock } from '../../src/sidecar/process/clock';
import type { Context } from '../sidecar/makeContext';
import { Hosts } from '../../src/sidecar/clusters/hosts';
import { newJob } from '../../src/sidecar/submission/newJob';
import { hostNameOf } from '../../src/sidecar/remote/ssh/hostName';
import { hostNames } from '../../src/sidecar/remote/ssh/hostNames';
import { submitJob } from '../../src/sidecar/submission/submit';
import { makeTemp } from '../makeTemp';
import { Link } from './link';
import { FakeClock } from '../sidecar/fakeClock';
import { remoteSuite } from '../sidecar/remote/suite';
import { makeKey } from '../sidecar/remote/ssh2/keys';
import { makeWorkbench, planFor } from '../sidecar/workbench';
import { Remotes } from '../../src/sidecar/remote/remotes';
import { type Script, runScript } from '../../src/sidecar/remote/script';
import { Collected } from '../../src/sidecar/remote/collected';
import type { RemoteAnswer } from '../../src/sidecar/remote/remote';
import type { Problem } from '../../src/api/problem';
import { asProblem } from '../../src/sidecar/process/asProblem';
import {
  type TestCluster,
  clusterOf,
  connections,
  sessions,
  skippedFor,
  startCluster,
  stopCluster,
  whyNoCluster
} from './testCluster';
import { Questions } from '../../src/sidecar/remote/questions';

const reason = whyNoCluster();

const EVERYBODY = [
  'slurm',
  'slurm-tcsh',
  'slurm-zsh',
  'slurm-fish',
  'slurm-printing',
  'slurm-no-sftp'
];

/** What the login shell of an account reads for a command, too. */
const START_UP_FILES: Record<string, string> = {
  slurm: '.bashrc',
  'slurm-zsh': '.zshenv',
  'slurm-fish': '.config/fish/config.fish',
  'slurm-tcsh': '.tcshrc'
};

/** Where the login shell stays, and says how the command that it was given has ended. */
const STAYING = ['slurm-tcsh', 'slurm-fish'];

describe.skipIf(reason !== null)(`a real SSH server${skippedFor(reason)}`, () => {
  let cluster: TestCluster;
  let remotes: Remotes;

  beforeAll(() => {
    clusterOf(__filename);
    cluster = startCluster();
    remotes = remotesWith(cluster.sshConfig);
  });

  afterEach(() => remotes.dropAll(3600));

  afterAll(() => {
    remotes.close();
    stopCluster();
  });

  function run(host: string, script: Script): Promise<RemoteAnswer> {
    return runScript({ remote: remotes.of({ host }) }, script);
  }

  test.each(EVERYBODY)(
    'commands run on %s, with bytes there and back, exit code and signal',
    async host => {
      const bytes = Buffer.from(Array.from({ length: 1_000_003 }, (_, index) => (index * 7) % 256));
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
      expect(killed.signal ?? killed.exitCode).toBe(STAYING.includes(host) ? 137 : 'SIGKILL');
    }
  );

  test.each(EVERYBODY)(
    'an unpacking on %s that fails runs nothing of what it was sent',
    async host => {
      const mark = path.join(makeTemp(), 'mark');
      chmodSync(path.dirname(mark), 0o777);
      const evil = `\ntouch '${mark}'\n`.repeat(40_000);
      for (const body of [
        'tar -xf - <&3; exit 2',
        'head -c 7 <&3 >/dev/null; exit 1',
        'kill -KILL $BASHPID'
      ]) {
        await run(host, { body, input: Readable.from([Buffer.from(evil)]) });
      }
      expect((await run(host, { body: 'echo still here' })).stdout).toBe('still here\n');
      expect(existsSync(mark)).toBe(false);
    }
  );

  describe('start-up files', () => {
    let bytes: Buffer;
    let mark: string;

    beforeEach(() => {
      mark = path.join(makeTemp(), 'mark');
      chmodSync(path.dirname(mark), 0o777);
      bytes = Buffer.from(`touch '${mark}'\n`.repeat(40_000));
    });

    /** Lets lines of one count for a test. */
    function write(host: string, lines: string): void {
      const user = path.basename(cluster.home).replace(/slurm$/, host.replace(/^slurm-/, ''));
      const file = path.join(path.dirname(cluster.home), user, START_UP_FILES[host] ?? '');
      const before = existsSync(file) ? readFileSync(file) : null;
      writeFileSync(file, `${lines}\n`);
      onTestFinished(() => (before === null ? rmSync(file) : writeFileSync(file, before)));
    }

    /** Sends bytes that must never run as commands. */
    function runBehind(host: string, lines: string): Promise<RemoteAnswer> {
      write(host, lines);
      return run(host, { body: 'echo "$P"; cksum <&3', input: Readable.from([bytes]) });
    }

    test.each([
      ['slurm', "read -p 'Project? ' P"],
      ['slurm', 'read -n 1 -p "Continue? [y/N] " A\nread -rsp "Token: " B'],
      ['slurm', 'echo -n "Project? "; P=$(head -n 1 </dev/null); read A; read B; read C'],
      ['slurm', 'exec bash --norc'],
      ['slurm', 'exec env MORE=1 bash --norc -s'],
      ['slurm', '[[ $- == *i* ]] || return\nexec tcsh'],
      ['slurm-zsh', "read 'P?Project? '"],
      ['slurm-zsh', 'exec bash'],
      ['slurm-zsh', 'nosuch\nfi\nsetopt errexit'],
      ['slurm-zsh', '[[ -o interactive ]] || return\nexec fish'],
      ['slurm-fish', "read -P 'Project? ' P"],
      ['slurm-fish', 'exec bash'],
      ['slurm-fish', 'nosuch\nexit 3'],
      ['slurm-fish', 'nosuch | read P\nend'],
      ['slurm-fish', 'status is-interactive || return\nexec zsh'],
      ['slurm-tcsh', 'set P = "$<"'],
      ['slurm-tcsh', 'if (! $?prompt) exit\nexec zsh']
    ])(
      'that ask a few questions, fail, or lead to bash, change nothing: %s, %s',
      async (host, lines) => {
        const sum = spawnSync('cksum', { input: bytes, encoding: 'utf8' }).stdout;
        expect(await runBehind(host, lines)).toMatchObject({ stdout: `\n${sum}`, exitCode: 0 });
        expect(existsSync(mark)).toBe(false);
      }
    );

    test.each([
      ['slurm', 'exec /bin/tcsh', 'shell-replaced', 'tcsh'],
      ['slurm', 'exec sh', 'shell-replaced', 'sh'],
      ['slurm', 'exec zsh -l', 'shell-replaced', 'zsh'],
      ['slurm', 'exec fish', 'shell-replaced', 'fish'],
      ['slurm', 'cat >/dev/null', 'start-up-files', null],
      ['slurm', 'until [ -n "$P" ]; do read -p "Project? " P || break; done', 'input-taken', null],
      ['slurm', 'select P in a b; do test -n "$P" && break; done', 'start-up-files', null],
      ['slurm', 'for i in {1..18}; do read P; done', 'input-taken', null],
      ['slurm-zsh', 'exec tcsh', 'shell-replaced', 'tcsh'],
      ['slurm-zsh', 'exec sh', 'shell-replaced', 'sh'],
      ['slurm-zsh', 'exec fish', 'shell-replaced', 'fish'],
      ['slurm-zsh', 'repeat 19 read P', 'input-taken', null],
      ['slurm-zsh', 'exit 3', 'start-up-files', null],
      ['slurm-fish', 'exec zsh', 'shell-replaced', 'zsh'],
      ['slurm-fish', 'exec tcsh', 'shell-replaced', 'tcsh'],
      ['slurm-fish', 'for i in (seq 19); read P; end', 'input-taken', null],
      ['slurm-fish', 'cat >/dev/null', 'start-up-files', null],
      ['slurm-tcsh', 'exec zsh', 'shell-replaced', 'zsh'],
      ['slurm-tcsh', 'exec fish', 'shell-replaced', 'fish'],
      ['slurm-tcsh', `foreach i (${'1 '.repeat(19)})\nset P = "$<"\nend`, 'input-taken', null]
    ])(
      'that take the place or the input of bash are the cause that is told: %s, %s',
      async (host, lines, code, shell) => {
        const failed = runBehind(host, lines);
        await expect(failed).rejects.toMatchObject({
          problem: {
            code,
            values: { host, ...(shell !== null && { shell }) },
            details: { where: host, exitCode: expect.any(Number) }
          }
        });
        const { guards = '' } = ((await failed.catch(asProblem)) as Problem).values;
        // Fish runs nothing that could tell whose account it is, and who says nothing does not tell, either.
        const isKnown = code === 'input-taken' || (shell !== null && shell !== 'fish');
        expect(String(guards)).toContain(START_UP_FILES[host]);
        expect(String(guards).split('; ').length).toBe(isKnown ? 1 : 4);
        expect(existsSync(mark)).toBe(false);
      }
    );

    test.each(['exit 0', 'echo bye; exit 1'])(
      'that end the shell are told, too: %s',
      async lines => {
        write('slurm', lines);
        // Such a command may end in the very moment in which it is said to have begun.
        await Promise.all(
          Array.from({ length: 12 }, () =>
            expect(run('slurm', { body: 'true' })).rejects.toMatchObject({
              problem: { code: 'start-up-files', values: { host: 'slurm' } }
            })
          )
        );
      }
    );

    test('are told by the look that finds batch systems, too', async () => {
      write('slurm', 'exec tcsh');
      const hosts = new Hosts(
        name => remotes.of({ host: name }),
        async () => undefined
      );
      await expect(hosts.find('slurm', 'nobody')).rejects.toMatchObject({
        problem: { code: 'shell-replaced' }
      });
    });
  });

  describe('behind a link', () => {
    let link: Link;
    let linked: Remotes;

    beforeAll(async () => {
      link = await Link.to(cluster);
      linked = remotesWith(link.sshConfig);
    });

    afterAll(async () => {
      linked.close();
      await link.close();
    });

    remoteSuite('a host behind a real SSH server', {
      reach: async startUp => {
        const bashrc = path.join(cluster.home, '.bashrc');
        writeFileSync(bashrc, `${startUp}\n`);
        onTestFinished(() => rmSync(bashrc, { force: true }));
        return { remote: linked.of({ host: 'slurm' }), cut: () => link.cut() };
      },
      variablesOf: 'account'
    });
  });

  test('a host key is right where OpenSSH says so, and nowhere else', async () => {
    const folder = makeTemp();
    const file = path.join(folder, 'config');
    const known = path.join(folder, 'known_hosts');
    const here = `[127.0.0.1]:${cluster.port}`;
    const right = (kind: string): string =>
      readFileSync(path.join(cluster.folder, `keys/host_${kind}.pub`), 'utf8').trim();
    const wrong = makeKey(folder, 'wrong').line;
    const files = [
      [`${here} ${right('ed25519')}`],
      [`${here} ${right('rsa')}`],
      [`${here} ${right('ecdsa')}`],
      [`127.0.0.1 ${right('ed25519')}`],
      [`127.0.0.1 ${right('rsa')}`, `${here} ${wrong}`],
      [`127.0.0.1 ${wrong}`, `${here} ${right('rsa')}`],
      [`${here} ${wrong}`, `${here} ${right('ed25519')}`],
      [`@revoked * ${right('ed25519')}`, `${here} ${right('ed25519')}`],
      [`@revoked 127.0.0.1 ${right('ed25519')}`, `127.0.0.1 ${right('ed25519')}`],
      [`@revoked * ${wrong}`, `${here} ${right('ed25519')}`],
      [
        `@revoked other ${right('ed25519')}`,
        `@revoked * ${right('ed25519')}`,
        `* ${right('ed25519')}`
      ],
      [`@cert-authority * ${right('ed25519')}`],
      [`@cert-authority ${here} ${wrong}`, `127.0.0.1 ${right('ed25519')}`],
      [`!${here},* ${right('ed25519')}`],
      [`!127.0.0.1,!${here},* ${right('ed25519')}`],
      [`[127.*]:17?22 ${right('ed25519')}`],
      [`${here} ssh-rsa ${right('ed25519').split(' ')[1]}`],
      [`# ${here} ${right('ed25519')}`],
      []
    ];
    writeFileSync(
      file,
      `Host slurm\n  UserKnownHostsFile ${known}\n  GlobalKnownHostsFile none\nHost *\nInclude ${cluster.sshConfig}\n`
    );
    for (const lines of files) {
      writeFileSync(known, `${lines.join('\n')}\n`);
      const { status } = spawnSync('ssh', ['-F', file, '-o', 'BatchMode=yes', 'slurm', 'true']);
      const others = remotesWith(file);
      const ours = await runScript({ remote: others.of({ host: 'slurm' }) }, { body: 'true' }).then(
        () => 0,
        () => 255
      );
      others.close();
      expect([lines, ours]).toEqual([lines, status]);
    }
  }, 60_000);

  describe('behind an address of IPv6', () => {
    let gate: Server;
    let port: number;

    beforeAll(async () => {
      gate = createServer(near => {
        const far = connect(cluster.port, '127.0.0.1');
        near.pipe(far).pipe(near);
        [near, far].forEach(socket =>
          socket.on('error', () => [near, far].forEach(one => one.destroy()))
        );
      });
      gate.listen(0, '::1');
      await once(gate, 'listening');
      ({ port } = gate.address() as AddressInfo);
    });

    afterAll(() => gate.close());

    test.each([
      ['an address', 'HostName ::1', '[::1]:PORT'],
      [
        'an address that is written in another way',
        'HostName 0:0:0:0:0:0:0:1',
        '[0:0:0:0:0:0:0:1]:PORT'
      ],
      ['an address with a zone', 'HostName ::1%lo', '[::1%lo]:PORT'],
      ['a pattern', 'HostName ::1', '[*]:PORT'],
      ['an address, of IPv6 only', 'HostName ::1\n  AddressFamily inet6', '[::1]:PORT'],
      ['an alias', 'HostName ::1\n  HostKeyAlias cluster', 'cluster'],
      ['another address', 'HostName ::1', '[::2]:PORT'],
      ['no port', 'HostName ::1', '::1'],
      ['of IPv4 only', 'HostName ::1\n  AddressFamily inet', '[::1]:PORT'],
      ['in brackets', 'HostName [::1]', '[::1]:PORT'],
      [
        'a jump',
        'HostName 127.0.0.1\n  Port CLUSTER\n  ProxyJump [::1]:PORT',
        '[127.0.0.1]:CLUSTER,[::1]:PORT'
      ]
    ])('a host is reached by both ways where ssh reaches it: %s', async (what, lines, name) => {
      const folder = makeTemp();
      const [file, known] = [path.join(folder, 'config'), path.join(folder, 'known_hosts')];
      const filled = (text: string): string =>
        text.replaceAll('PORT', String(port)).replaceAll('CLUSTER', String(cluster.port));
      const key = readFileSync(path.join(cluster.folder, 'keys/host_ed25519.pub'), 'utf8').trim();
      const account = /Host slurm\n(( {2}.*\n)+)/.exec(readFileSync(cluster.sshConfig, 'utf8'));
      const [user = '', identity = ''] = ['User', 'IdentityFile'].map(
        option => new RegExp(` {2}${option} .*`).exec(account?.[1] ?? '')?.[0]
      );
      writeFileSync(known, `${filled(name)} ${key}\n`);
      const own = ['Host slurm ::1', user, identity, `  UserKnownHostsFile ${known}`];
      const rest = ['Host *', '  StrictHostKeyChecking yes', '  GlobalKnownHostsFile none'];
      const text = [...own, 'Host slurm', `  ${filled(lines)}`, `  Port ${port}`, ...rest, ''];
      writeFileSync(file, text.join('\n'));
      // The gate is of this process, which is not to wait for it.
      const asked = execFile('ssh', ['-F', file, '-o', 'BatchMode=yes', 'slurm', 'true']);
      const [status] = await once(asked, 'close');
      if (['an address', 'an address, of IPv6 only', 'an alias', 'a jump'].includes(what)) {
        expect(status).toBe(0);
      }
      for (const transport of ['ssh2', 'openssh'] as const) {
        const others = remotesWith(file);
        const ended = await runScript(
          { remote: others.of({ host: 'slurm', transport }) },
          { body: 'true' }
        ).then(
          () => 0,
          () => 255
        );
        others.close();
        expect([transport, ended]).toEqual([transport, status]);
      }
    });
  });

  test.each([
    ['ProxyJump', () => 'ProxyJump slurm-tcsh'],
    ['ProxyJump twice', () => 'ProxyJump slurm-tcsh,slurm-printing'],
    ['ProxyCommand', () => `ProxyCommand ssh -F ${cluster.sshConfig} -W %h:%p slurm-tcsh`]
  ])('%s leads there', async (_, way) => {
    const file = path.join(makeTemp(), 'config');
    writeFileSync(file, `Host slurm\n  ${way()}\nHost *\nInclude ${cluster.sshConfig}\n`);
    const others = remotesWith(file);
    const remote = others.of({ host: 'slurm' });
    const before = sessions(cluster);
    const answer = await runScript({ remote }, { body: 'id -un' });
    others.close();
    expect(answer.stdout).toMatch(/slurm$/m);
    expect(sessions(cluster) - before).toBe(1);
  });

  test('200 MB go there and come back at once, and hardly any of it is kept', async () => {
    const piece = Buffer.alloc(1_000_000, 'some bytes');
    const count = 200;
    const sum = createHash('sha256');
    const source = Readable.from(
      (function* () {
        for (let index = 0; index < count; index += 1) {
          sum.update(piece);
          yield piece;
        }
      })()
    );
    const back = createHash('sha256');
    let length = 0;
    const output = new Writable({
      write: (chunk: Buffer, _, done) => {
        back.update(chunk);
        length += chunk.length;
        most = Math.max(most, process.memoryUsage().rss);
        done();
      }
    });
    await run('slurm', { body: 'true' });
    const before = process.memoryUsage().rss;
    let most = before;
    await run('slurm', { body: 'cat <&3', input: source, output });
    expect(length).toBe(count * piece.length);
    expect(back.digest('hex')).toBe(sum.digest('hex'));
    expect(most - before).toBeLessThan(150_000_000);
  }, 60_000);

  test.each([
    ['a locale that the host does not have', 'LC_ALL=tr_TR.ISO8859-9 LANG=xx_YY'],
    ['plain C', 'LC_ALL=C'],
    ['UTF-8', 'LC_ALL=C.UTF-8 LC_NUMERIC=de_DE.UTF-8']
  ])('%s changes nothing of an answer', async (_, variables) => {
    const folder = makeTemp();
    const file = path.join(folder, 'config');
    writeFileSync(
      file,
      `Host slurm*\n  SetEnv ${variables}\nHost *\nInclude ${cluster.sshConfig}\n`
    );
    const others = remotesWith(file);
    for (const host of ['slurm', 'slurm-tcsh']) {
      const answer = await runScript(
        { remote: others.of({ host }) },
        {
          body: `printf '%s\\n' 'naïve ☃ I' "$LC_ALL"; printf '%s' '\u0130' | wc -c; cat <&3`,
          input: Readable.from([Buffer.from([0xff, 0xfe, 0x0a])])
        }
      );
      const [all = ''] = /(?<=LC_ALL=)\S+/.exec(variables) ?? [];
      expect(answer.stdout).toBe(`naïve ☃ I\n${all}\n2\n\ufffd\ufffd\n`);
      expect(answer.exitCode).toBe(0);
    }
    others.close();
  });

  test('a login that fails tells what the host greets with', async () => {
    await expect(run('slurm-locked-key', { body: 'true' })).rejects.toMatchObject({
      problem: {
        code: 'key-locked',
        values: { host: 'slurm-locked-key' },
        details: { output: expect.stringContaining('This is a cluster for tests.') }
      }
    });
  });

  test('a PATH that only a login shell has is found once, with what the host says of itself', async () => {
    const host = 'slurm-login-path';
    const siteFile = path.join(makeTemp(), 'site.json');
    writeFileSync(siteFile, '{"name": "own"}');
    chmodSync(path.dirname(siteFile), 0o755);
    const hosts = new Hosts(
      name => remotes.of({ host: name }),
      async () => undefined,
      name => hostNameOf(name, { file: cluster.sshConfig, environment: process.env }),
      siteFile
    );
    const before = sessions(cluster);
    const facts = await hosts.find(host, 'nobody');
    expect(facts.schedulers).toEqual(['slurm']);
    expect(facts.variables['PATH']).toContain('/usr/bin');
    expect(facts.site).toMatchObject({ ok: true, profile: { name: 'own' } });
    expect(hosts.nameFor(host)).toBe('127.0.0.1');
    await hosts.find(host, 'person');
    expect(sessions(cluster) - before).toBe(1);
    const remote = remotes.of({ host });
    const shell = { remote, variables: facts.variables };
    expect((await runScript(shell, { body: 'sinfo --version' })).stdout).toMatch(/^slurm/);
    const bare = await runScript({ remote }, { body: 'sinfo --version' });
    expect(bare.exitCode).toBe(127);
  });

  test('a small notebook is submitted with at most two commands', async () => {
    const clock = new FakeClock();
    const bench = makeWorkbench({ clock });
    const hosts = new Hosts(
      name => remotes.of({ host: name }),
      async () => undefined
    );
    const context: Context = {
      ...bench.context,
      hosts,
      configuredHosts: () => hostNames(cluster.sshConfig),
      remoteOf: at => remotes.of(at)
    };
    await hosts.find('slurm', 'nobody');
    const before = sessions(cluster);
    const plan = await planFor({ ...bench, context }, { cluster: 'slurm' });
    const { cluster: where, engines, files, folders, mpi, notebook } = plan;
    expect(where).toMatchObject({ host: 'slurm', scheduler: 'slurm' });
    const record = newJob(newJobId(Math.random), plan, clock.now());
    context.jobs.add(record, {
      environment: {},
      notebook,
      engines,
      mpi,
      folders,
      files: files.map(file => file.path)
    });
    await submitJob(context, record.id);
    expect(context.jobs.get(record.id)).toMatchObject({
      state: 'queued',
      schedulerId: expect.stringMatching(/^\d+$/)
    });
    const used = sessions(cluster) - before;
    await run('slurm', { body: `scancel ${context.jobs.get(record.id).schedulerId}` });
    expect(used).toBeLessThanOrEqual(2);
  });

  test('sessions and connections are those that sshd counts: one connection, one session a command', async () => {
    await run('slurm', { body: 'true' });
    const [connected, started] = [connections(cluster), sessions(cluster)];
    await Promise.all(Array.from({ length: 12 }, () => run('slurm', { body: 'sleep 0.05' })));
    expect(connections(cluster)).toBe(connected);
    expect(sessions(cluster)).toBe(started + 12);
  });
});

function remotesWith(configFile: string): Remotes {
  return new Remotes(
    configFile,
    new Agents({}),
    new Questions(),
    systemClock,
    pino({ level: 'silent' }),
    0
  );
}
