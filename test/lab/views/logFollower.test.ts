import { beforeEach, describe, expect, it } from 'vitest';
import { LogFollower, type TextChange } from '../../../src/lab/views/logFollower';
import { problemOf } from '../problemOf';
import { FakeLogs } from './fakeLogs';

let logs: FakeLogs;
let changes: TextChange[];

beforeEach(() => {
  logs = new FakeLogs();
  changes = [];
});

function follower(name = 'runner'): LogFollower {
  const made = new LogFollower(logs, 'k3v9x2ab', name);
  made.changed.connect((_, change) => changes.push(change));
  return made;
}

describe('following a log', () => {
  it('reads on where it has come to', async () => {
    const log = follower();
    logs.write('runner', 'one\n');
    await log.look();
    await log.look();
    logs.write('runner', 'two\n');
    await log.look();
    expect(changes).toEqual([{ added: 'one\n' }, { added: 'two\n' }]);
    expect(log.text).toBe('one\ntwo\n');
    expect(logs.asked.map(([, from]) => from)).toEqual([0, 4, 4]);
  });

  it('reads all of a log that takes several answers', async () => {
    const log = follower();
    logs.write('runner', `${'x'.repeat(99)}\n`.repeat(25_000));
    await log.look();
    expect(log.text).toHaveLength(2_500_000);
    expect(logs.asked.map(([, from]) => from)).toEqual([0, 1_000_000, 2_000_000]);
  });

  it('shows the end of a log that is too long, from the beginning of a line', async () => {
    const log = follower();
    logs.write(
      'runner',
      Array.from({ length: 60_000 }, (_, i) => `${i}`.padEnd(99) + '\n').join('')
    );
    await log.look();
    expect(log.skippedBytes).toBe(4_000_000);
    expect(log.text.slice(0, 5)).toBe('40001');
    expect(log.text.endsWith(`${'59999'.padEnd(99)}\n`)).toBe(true);
    logs.write('runner', 'more\n');
    await log.look();
    expect(changes.at(-1)).toEqual({ added: 'more\n' });
  });

  it('drops the beginning of a log that grows too long while it is followed', async () => {
    const log = follower();
    for (let part = 0; part < 6; part += 1) {
      logs.write('runner', `${String(part).repeat(99)}\n`.repeat(10_000));
      await log.look();
    }
    expect(log.text.length).toBeLessThan(4_100_000);
    expect(log.skippedBytes).toBeGreaterThan(0);
    expect(log.text.endsWith(`${'5'.repeat(99)}\n`)).toBe(true);
  });

  it('begins anew when the log is another one', async () => {
    const log = follower();
    logs.write('runner', 'a long story\n');
    await log.look();
    logs.texts.set('runner', 'short\n');
    await log.look();
    expect(changes.at(-1)).toEqual({ replaced: 'short\n' });
  });

  it('reads logs of several files anew when one of them has grown, and only then', async () => {
    const log = follower('engines');
    logs.write('engines', 'engine 0: a\nengine 1: a\n');
    await log.look();
    await log.look();
    logs.texts.set('engines', 'engine 0: a\nengine 0: b\nengine 1: a\n');
    await log.look();
    expect(changes).toEqual([
      { added: 'engine 0: a\nengine 1: a\n' },
      { replaced: 'engine 0: a\nengine 0: b\nengine 1: a\n' }
    ]);
  });

  it('leaves colors out, also those that come in two parts', async () => {
    const log = follower();
    logs.write('runner', '\u001b[31mred\u001b[');
    await log.look();
    logs.write('runner', '0m and not\n');
    await log.look();
    expect(log.text).toBe('red and not\n');
  });

  it('tells that there is none yet', async () => {
    const log = follower();
    expect(await problemOf(log.look())).toMatchObject({ code: 'no-such-log' });
    expect(log.isThere).toBe(false);
    logs.write('runner', '');
    await log.look();
    expect(log.isThere).toBe(true);
    expect(log.text).toBe('');
  });
});
