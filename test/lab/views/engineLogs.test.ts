import { beforeEach, describe, expect, it } from 'vitest';
import { engineLogs } from '../../../src/lab/views/engineLogs';
import { jobRecord } from '../../api/jobRecord';
import { FakeLogs } from './fakeLogs';

const running = jobRecord({
  state: 'running',
  progress: { engines: { ready: 1, wanted: 2 }, cell: null }
});

let logs: FakeLogs;

beforeEach(() => {
  logs = new FakeLogs();
});

describe('the logs of single engines', () => {
  it('are there where engines have logs of their own', async () => {
    logs.write('engine-0', 'engine 0\n');
    expect(await engineLogs(logs, running)).toEqual(['engine-0', 'engine-1']);
  });

  it('are not all listed where there are thousands', async () => {
    logs.write('engine-0', 'engine 0\n');
    const engines = { ready: 4096, wanted: 4096 };
    const names = await engineLogs(logs, { ...running, progress: { engines, cell: null } });
    expect(names).toHaveLength(128);
  });

  it.each([
    ['engines share one', running],
    ['there are no engines', { ...running, progress: null }]
  ])('are not there where %s', async (_, job) => {
    expect(await engineLogs(logs, job)).toEqual([]);
  });

  it('hide no fault of the program', async () => {
    logs.failure = new TypeError('no such thing');
    await expect(engineLogs(logs, running)).rejects.toThrow('no such thing');
  });
});
