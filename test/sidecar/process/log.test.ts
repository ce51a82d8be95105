import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { openLog } from '../../../src/sidecar/process/log';
import { makeTemp } from '../../makeTemp';

function logFiles(folder: string): string[] {
  return readdirSync(folder).filter(name => name.endsWith('sidecar.log'));
}

test('each record is a line of JSON, for nobody else to read', async () => {
  const folder = path.join(makeTemp(), 'data');
  const log = openLog(folder);
  log.info({ job: 'k3v9x2ab' }, 'submitted');
  const file = path.join(folder, 'sidecar.log');
  await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toContain('\n'));
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    level: 30,
    pid: process.pid,
    job: 'k3v9x2ab',
    msg: 'submitted'
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('the log is at most five files of five megabytes', async () => {
  const folder = makeTemp();
  const log = openLog(folder);
  const text = 'x'.repeat(100_000);
  for (let round = 0; round < 8; round += 1) {
    for (let line = 0; line < 55; line += 1) {
      log.info(text);
    }
    await vi.waitFor(
      () => expect(statSync(path.join(folder, 'sidecar.log')).size).toBeLessThan(5_300_000),
      5000
    );
  }
  await vi.waitFor(() => expect(logFiles(folder)).toHaveLength(5), 5000);
  for (const name of logFiles(folder)) {
    expect(statSync(path.join(folder, name)).size).toBeLessThan(11_000_000);
  }
});

test('a log that cannot be written costs nothing but its lines', async () => {
  const folder = path.join(makeTemp(), 'data');
  const log = openLog(folder);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'no folder any more');
  const now = vi.spyOn(Date, 'now').mockReturnValue(0);
  log.info('lost');
  await new Promise(resolve => setTimeout(resolve, 100));
  log.info('lost, too');
  rmSync(folder);
  mkdirSync(folder);
  now.mockReturnValue(60_000);
  log.info('kept');
  now.mockRestore();
  await vi.waitFor(() =>
    expect(readFileSync(path.join(folder, 'sidecar.log'), 'utf8')).toContain('kept')
  );
});
