import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pack } from 'tar-stream';
import { beforeEach, expect, test } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import { diskOf } from '../../../src/sidecar/files/disk';
import { type Wanted, download } from '../../../src/sidecar/collecting/download';
import { shellOf } from '../../../src/sidecar/clusters/shell';
import { local } from '../../../src/sidecar/remote/local';
import type { Remote } from '../../../src/sidecar/remote/remote';
import { makeTemp } from '../../makeTemp';
import { type Workbench, addJob, makeWorkbench } from '../workbench';

let bench: Workbench;
let record: JobRecord;
let target: string;
beforeEach(async () => {
  bench = makeWorkbench();
  record = await addJob(bench);
  target = makeTemp();
  mkdirSync(path.join(record.directory, 'work'), { recursive: true });
});

function fetch(
  wanted: Wanted[],
  remote: Remote = local,
  disk = diskOf(target, 'place')
): ReturnType<typeof download> {
  const context = { ...bench.context, remoteOf: () => remote };
  const shell = shellOf(context, record.cluster);
  return download(shell, disk, record, wanted, target);
}

function there(name: string, text: string | Buffer = name): Wanted {
  const file = path.join(record.directory, 'work', name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return { source: `work/${name}`, bytes: Buffer.byteLength(text), path: name };
}

/** Answers with an archive of a test's own instead of the real one. */
function answering(fill: (archive: ReturnType<typeof pack>) => void): Remote {
  return {
    ...local,
    run: async ({ script, output }) => {
      const mark = /jupyterlab-submit [0-9a-f]{18}/.exec(script)?.[0] ?? '';
      const archive = pack();
      fill(archive);
      archive.finalize();
      output?.write(`\n${mark}\n`);
      for await (const chunk of archive) {
        output?.write(chunk);
      }
      output?.end();
      return { stdout: '', stderr: '', exitCode: 0, signal: null };
    }
  };
}

test('files arrive unchanged under the paths that were asked for, and no others', async () => {
  const big = Buffer.from(Array.from({ length: 3_000_001 }, (_, index) => (index * 11) % 256));
  there('not asked for');
  await fetch([
    there('big', big),
    { ...there('deep/er/empty', ''), path: 'files/elsewhere' },
    there('deep/x')
  ]);
  expect(readdirSync(target, { recursive: true }).map(String).toSorted()).toEqual([
    'big',
    'deep',
    'deep/x',
    'files',
    'files/elsewhere'
  ]);
  expect(readFileSync(path.join(target, 'big')).equals(big)).toBe(true);
  expect(readFileSync(path.join(target, 'files/elsewhere'), 'utf8')).toBe('');
});

test.each([
  ' blank ',
  `'"`,
  '$(id)',
  'a;b',
  'back\\nslash\\\\',
  'new\nline',
  '-x',
  'ünï ☃',
  'x'.repeat(255),
  `${'deep/'.repeat(60)}file`,
  '*'
])('a file named %j arrives', async name => {
  await fetch([there(name)]);
  expect(readFileSync(path.join(target, name), 'utf8')).toBe(name);
});

test('an archive of which no byte comes any more is given up, and the command with it', async () => {
  const pid = path.join(makeTemp(), 'pid');
  const hung = withProgram('tar', `echo $$ >${pid}; /bin/tar "$@" | head -c 700; sleep 600`);
  const impatient = { ...hung, stallSeconds: 0.5 };
  await expect(fetch([there('a', 'x'.repeat(5000))], impatient)).rejects.toMatchObject({
    problem: {
      code: 'cluster-unreachable',
      details: { output: 'nothing was transferred for 0.5 s' }
    }
  });
  // Whoever has not been waited for has no command line any more.
  const commandLine = `/proc/${readFileSync(pid, 'utf8').trim()}/cmdline`;
  await expect.poll(() => existsSync(commandLine) && readFileSync(commandLine, 'utf8')).toBeFalsy();
});

test('a thousand files, and two names of one', async () => {
  const wanted = Array.from({ length: 1000 }, (_, index) => there(`many/${index}`));
  await fetch(wanted);
  expect(readdirSync(path.join(target, 'many'))).toHaveLength(1000);
});

test('what was not asked for, links, and ways out of the folder are passed over', async () => {
  const outside = path.join(makeTemp(), 'outside');
  await fetch(
    [{ source: 'work/a', bytes: 5, path: 'a' }],
    answering(archive => {
      archive.entry({ name: '../../evil' }, 'x');
      archive.entry({ name: outside }, 'x');
      archive.entry({ name: 'work/extra' }, 'x');
      archive.entry({ name: 'work/a', type: 'symlink', linkname: outside });
      archive.entry({ name: 'work/a', type: 'directory' });
      archive.entry({ name: 'work/a' }, 'right');
      archive.entry({ name: 'work/a' }, 'again');
    })
  );
  expect(readdirSync(target)).toEqual(['a']);
  expect(readFileSync(path.join(target, 'a'), 'utf8')).toBe('right');
  expect(existsSync(outside)).toBe(false);
});

test('an archive that lacks every file, or is none, is a failure', async () => {
  const wanted = [there('a')];
  const failed = { problem: { code: 'command-failed', details: { command: 'tar' } } };
  const noTar: Remote = {
    ...local,
    run: command =>
      local.run({ ...command, script: command.script.replace(/^(pack\(\) \{)/m, '$1\nreturn 2\n') })
  };
  await expect(fetch(wanted, noTar)).rejects.toMatchObject(failed);
  rmSync(record.directory, { recursive: true });
  await expect(fetch([{ source: 'work/a', bytes: 1, path: 'again' }])).rejects.toMatchObject(
    failed
  );
  const noArchive = withProgram('tar', 'head -c 5000 /dev/urandom');
  await expect(fetch([there('b')], noArchive)).rejects.toMatchObject(failed);
});

test.each([100, 512, 700, 100_000, 300_000, 400_000, 700_000])(
  'an archive that is cut after %i bytes is a failed command, which is tried again',
  async bytes => {
    const wanted = ['a', 'b', 'c'].map(name => there(`${name}/x`, 'x'.repeat(300_000)));
    const cut = withProgram('tar', `/bin/tar "$@" | head -c ${bytes}; kill -KILL $$`);
    await expect(fetch(wanted, cut)).rejects.toMatchObject({
      problem: { code: 'command-failed', details: { command: 'tar' } }
    });
  }
);

test('an archive that is cut while a slow disk makes a folder keeps nobody waiting', async () => {
  const real = diskOf(target, 'place');
  const slow = async (...given: Parameters<typeof real.mkdir>): Promise<never> => {
    await sleep(200);
    return (await real.mkdir(...given)) as never;
  };
  const wanted = [there('deep/a', 'x'.repeat(300_000)), there('other/b')];
  const cut = withProgram('tar', '/bin/tar "$@" | head -c 290000');
  await expect(fetch(wanted, cut, { ...real, mkdir: slow })).rejects.toMatchObject({
    problem: { code: 'command-failed' }
  });
});

test('what is longer or shorter in the archive than was said is not written, and the others come', async () => {
  const wanted = [
    { ...there('grown', 'x'.repeat(60)), bytes: 5 },
    { ...there('grown much', 'x'.repeat(600_000)), bytes: 5 },
    { ...there('shrunk', 'x'), bytes: 5 },
    there('good')
  ];
  expect(Object.fromEntries(await fetch(wanted))).toEqual({
    grown: 'changed',
    'grown much': 'changed',
    shrunk: 'changed'
  });
  expect(readdirSync(target)).toEqual(['good']);
});

test('an archive that goes on and on is given up', async () => {
  const wanted = [there('a')];
  const endless = withProgram(
    'tar',
    `/bin/tar "$@" | head -c 1024; head -c 300000000 /dev/zero | /bin/tar -c --transform 's,.*,other,' -f - /dev/stdin; cat /dev/zero`
  );
  await expect(fetch(wanted, endless)).rejects.toMatchObject({
    problem: { code: 'command-failed' }
  });
});

test('a disk that takes nothing ends the command at its other end', async () => {
  const big = there('big', Buffer.alloc(50_000_000));
  // Nothing can be made there.
  target = '/sys/full';
  // A command that nobody reads from would wait for ever.
  await expect(fetch([big])).rejects.toMatchObject({
    code: expect.stringMatching(/EPERM|EACCES|EROFS/)
  });
});

test('a connection that breaks does not leave anybody waiting', async () => {
  const broken: Remote = {
    ...local,
    run: async ({ script, output }) => {
      const mark = /jupyterlab-submit [0-9a-f]{18}/.exec(script)?.[0] ?? '';
      output?.write(`\n${mark}\nsome bytes`);
      await sleep(50);
      throw new Error('the connection broke');
    }
  };
  await expect(fetch([there('a')], broken)).rejects.toThrow('the connection broke');
});

test('each file that cannot be packed is told with its reason, and the others come', async () => {
  const wanted = [
    there('good'),
    there('good too', 'x'.repeat(300_000)),
    { source: 'work/vanished', bytes: 1, path: 'vanished' },
    { source: 'work/folder', bytes: 1, path: 'now a folder' }
  ];
  mkdirSync(path.join(record.directory, 'work/folder'));
  expect(Object.fromEntries(await fetch(wanted))).toEqual({
    vanished: 'gone',
    'now a folder': 'changed'
  });
  expect(readdirSync(target).toSorted()).toEqual(['good', 'good too']);
});

test('two places of one file both get it', async () => {
  const one = there('one', 'x'.repeat(300_000));
  await fetch([
    one,
    { ...one, path: 'other' },
    there('small'),
    { ...there('small'), path: 'twice' }
  ]);
  expect(readFileSync(path.join(target, 'other'), 'utf8')).toHaveLength(300_000);
  expect(readFileSync(path.join(target, 'twice'), 'utf8')).toBe('small');
});

/** Puts a program before the system's own. */
function withProgram(name: string, text: string): Remote {
  const folder = makeTemp();
  writeFileSync(path.join(folder, name), `#!/bin/bash\n${text}`, { mode: 0o755 });
  return {
    ...local,
    run: command =>
      local.run({ ...command, script: command.script.replace('(\n', `(\nPATH=${folder}:$PATH\n`) })
  };
}

test.each([
  ['Read error at byte 512, while reading 10240 bytes: Input/output error', 'broken'],
  ['File shrank by 77 bytes; padding with zeros', 'changed']
])('a file that tar has filled up (%s) does not come as if it were whole', async (words, why) => {
  const names = ['bad', 'bad ünï\nlines: \\x'];
  const said = ['bad', String.raw`bad \303\274n\303\257\nlines\: \\x`].map(
    name => `printf '%s\\n' 'tar: work/${name}: ${words}' >&2`
  );
  const tar = withProgram('tar', `/bin/tar "$@"\n${said.join('\n')}\nexit 2`);
  const left = await fetch([there('good'), ...names.map(name => there(name))], tar);
  expect(Object.fromEntries(left)).toEqual(Object.fromEntries(names.map(name => [name, why])));
  expect(readdirSync(target)).toEqual(['good']);
});

test('a name that this machine cannot have keeps no other file back', async () => {
  const long = { ...there('a'), path: 'x'.repeat(300) };
  const big = { ...there('big', 'x'.repeat(300_000)), path: 'y'.repeat(300) };
  const left = await fetch([long, big, there('good')]);
  expect([...left.values()]).toEqual(['name', 'name']);
  expect(readdirSync(target)).toEqual(['good']);
});
