import { expect, test } from 'vitest';
import { Agents } from '../../../src/sidecar/remote/agents';

test('the agent of whoever called last comes first', () => {
  const agents = new Agents({ SSH_AUTH_SOCK: '/start' });
  agents.note({ SSH_AUTH_SOCK: '/one' });
  agents.note({ SSH_AUTH_SOCK: '/two' });
  expect(agents.newestFirst).toEqual(['/two', '/one', '/start']);
  agents.note({ SSH_AUTH_SOCK: '/one' });
  expect(agents.newestFirst).toEqual(['/one', '/two', '/start']);
});

test('callers without an agent change nothing', () => {
  const agents = new Agents({});
  expect(agents.newestFirst).toEqual([]);
  agents.note({ SSH_AUTH_SOCK: '/one' });
  agents.note({});
  agents.note({ SSH_AUTH_SOCK: '' });
  expect(agents.newestFirst).toEqual(['/one']);
});

test('of many callers the newest are remembered', () => {
  const agents = new Agents({});
  for (let number = 1; number <= 20; number += 1) {
    agents.note({ SSH_AUTH_SOCK: `/${number}` });
  }
  expect(agents.newestFirst).toEqual(['/20', '/19', '/18', '/17', '/16', '/15', '/14', '/13']);
});
