import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { hostNameOf } from '../../../../src/sidecar/remote/ssh/hostName';
import { makeTemp } from '../../../makeTemp';

let file: string;
beforeEach(() => {
  file = path.join(makeTemp(), 'config');
});

/** The name that ssh connects to, with this configuration. */
function nameOf(alias: string, config: string): Promise<string | null> {
  writeFileSync(file, config);
  return hostNameOf(alias, { file, environment: { PATH: process.env['PATH'] } });
}

test('a host of the configuration is what it leads to', async () => {
  const config = 'Host hpc\n  HostName login.Example.org\nHost *\n  User ada\n';
  expect(await nameOf('hpc', config)).toMatch(/^login\.example\.org$/i);
  expect(await nameOf('ada@hpc', config)).toMatch(/^login\.example\.org$/i);
});

test('any other is itself, without the user', async () => {
  expect(await nameOf('ada@login.example.org', '')).toBe('login.example.org');
});

test('a configuration that ssh does not read says nothing', async () => {
  expect(await nameOf('hpc', 'NoSuchOption yes\n')).toBeNull();
});
