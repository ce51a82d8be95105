import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { makeTemp } from '../../makeTemp';
import { run } from '../command';

let file: string;
beforeEach(() => {
  file = path.join(makeTemp(), 'site.json');
});

/** Without a service: none is needed. */
async function check(content: string | null, ...more: string[]): Promise<[number | null, string]> {
  if (content !== null) {
    writeFileSync(file, content);
  }
  const { exitCode, stdout } = await run(['site', 'check', file, ...more], {});
  return [exitCode, stdout];
}

it('a profile that is right is named, with its hosts', async () => {
  const profile = { name: 'example', title: 'Example', hosts: ['login.example.org'] };
  expect(await check(JSON.stringify(profile))).toEqual([
    0,
    'Example (example) is in order, for login.example.org.\n'
  ]);
  expect(await check('{"name": "example"}')).toEqual([
    0,
    'example (example) is in order, for no host.\n'
  ]);
});

it('each field that is not right has a line that says what to do', async () => {
  const profile = { title: 'Example', hosts: ['LOGIN'], fields: { time: { default: '90' } } };
  expect(await check(JSON.stringify(profile))).toEqual([
    1,
    `name: is needed
hosts.0: must be the name of a host in small letters, such as login.example.org; * stands for anything within one of its parts
fields.time.default: "90" has no unit: write 90m, 2h or 48:00:00
`
  ]);
});

it('a file that is none is said', async () => {
  const [code, said] = await check(null);
  expect([code, said]).toEqual([1, expect.stringContaining(`${file}: cannot be read: ENOENT`)]);
  expect(await check('{')).toEqual([1, expect.stringContaining(`${file}: cannot be read as JSON`)]);
});

it('programs get it as JSON', async () => {
  const [, right] = await check('{"name": "example"}', '--json');
  expect(JSON.parse(right)).toMatchObject({ ok: true, profile: { name: 'example' } });
  const [code, wrong] = await check('{}', '--json');
  expect([code, JSON.parse(wrong)]).toEqual([
    1,
    { ok: false, wrong: [{ field: 'name', code: 'required', values: {} }] }
  ]);
});
