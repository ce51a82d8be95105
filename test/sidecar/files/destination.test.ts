import {
  chmodSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { makeDestination, unfit } from '../../../src/sidecar/files/destination';
import { diskOf } from '../../../src/sidecar/files/disk';
import { makeTemp } from '../../makeTemp';

let folder: string;
beforeEach(() => {
  folder = makeTemp();
});

function at(name: string): string {
  return path.join(folder, name);
}

function make(name: string, source: string): Promise<void> {
  return makeDestination(diskOf(folder, 'place'), name, source);
}

/** A user that exists nowhere; root alone can give something away to one. */
const STRANGER = 54_321;

describe('before anything is sent', () => {
  test.each(['', 'new', 'new/deep/er'])(
    'a folder that is there or can be made is right: "%s"',
    async name => {
      expect(await unfit(at(name))).toBeNull();
      expect(readdirSync(folder)).toEqual([]);
    }
  );

  test('a link to a folder is one', async () => {
    symlinkSync(makeTemp(), at('link'));
    expect(await unfit(at('link'))).toBeNull();
    expect(await unfit(at('link/new'))).toBeNull();
  });

  test.each(['taken', 'taken/below', 'taken/far/below'])(
    'a file is named where it is in the way of %s',
    async name => {
      writeFileSync(at('taken'), 'theirs');
      expect(await unfit(at(name))).toEqual({ why: 'no-folder', folder: at('taken') });
    }
  );

  test('a link to nothing, and a name that no disk takes, are no folders', async () => {
    symlinkSync('nowhere', at('link'));
    expect(await unfit(at('link/new'))).toEqual({ why: 'no-folder', folder: at('link') });
    const long = at('x'.repeat(300));
    expect(await unfit(long)).toEqual({ why: 'no-folder', folder: long });
  });

  test('a folder that takes nothing is named', async () => {
    // /proc takes nothing from root, either.
    expect(await unfit('/proc/self/new/deep')).toEqual({ why: 'read-only', folder: '/proc/self' });
  });
});

describe('when a result comes', () => {
  test('what is missing is made with the modes that the umask leaves', async () => {
    await make(at('new/deep'), folder);
    await make(at('new/deep'), folder);
    const modes = ['new', 'new/deep'].map(name => statSync(at(name)).mode & 0o777);
    expect(modes).toEqual([0o777 & ~process.umask(), 0o777 & ~process.umask()]);
  });

  test('a folder of the source that somebody has taken away is not made again', async () => {
    const source = at('project');
    await expect(make(at('project/results'), source)).rejects.toThrow('ENOENT');
    expect(existsSync(source)).toBe(false);
    await make(at('elsewhere/results'), source);
    expect(readdirSync(at('elsewhere'))).toEqual(['results']);
  });

  test.each(['taken', 'taken/below'])('a file stays where %s was to be', async name => {
    writeFileSync(at('taken'), 'theirs');
    await expect(make(at(name), folder)).rejects.toMatchObject({
      problem: { code: 'place-invalid', values: { folder: at(name) } }
    });
  });

  test('a file system that makes no folders says so at once', async () => {
    // Without an error of its own: what a folder of processes has not, is not there.
    await expect(make('/proc/new/deep', folder)).rejects.toMatchObject({
      problem: { code: 'place-invalid', values: { folder: '/proc/new/deep' } }
    });
  });

  test('a link of your own is followed, one that another account has put there is not', async context => {
    const real = makeTemp();
    symlinkSync(real, at('link'));
    await make(at('link/new'), folder);
    expect(readdirSync(real)).toEqual(['new']);
    if (process.getuid?.() !== 0) {
      context.skip('only root can make a link of another account');
      return;
    }
    chmodSync(folder, 0o1777);
    lchownSync(at('link'), STRANGER, STRANGER);
    await expect(make(at('link/other'), folder)).rejects.toMatchObject({
      problem: { code: 'place-invalid' }
    });
    expect(readdirSync(real)).toEqual(['new']);
    // In a folder of its own it could have put anything.
    mkdirSync(at('theirs'));
    lchownSync(at('theirs'), STRANGER, STRANGER);
    symlinkSync(real, at('theirs/link'));
    lchownSync(at('theirs/link'), STRANGER, STRANGER);
    await make(at('theirs/link/other'), folder);
    expect(readdirSync(real).toSorted()).toEqual(['new', 'other']);
  });
});
