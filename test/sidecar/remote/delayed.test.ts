import { expect, test } from 'vitest';
import { delayed } from '../../../src/sidecar/remote/delayed';
import { local } from '../../../src/sidecar/remote/local';
import { thisMachine } from '../../../src/sidecar/clusters/thisMachine';

const HERE = thisMachine('/usr/bin/python3');

async function secondsOf(milliseconds: string | undefined): Promise<number> {
  const begun = Date.now();
  const remote = delayed(milliseconds, () => local)(HERE);
  const answer = await remote.run({ script: 'echo heard\n', timeoutSeconds: 10 });
  expect(answer).toMatchObject({ stdout: 'heard\n', exitCode: 0 });
  return (Date.now() - begun) / 1000;
}

test('each command begins as late as the test says', async () => {
  expect(await secondsOf('700')).toBeGreaterThanOrEqual(0.7);
});

test.each([undefined, '', '0', 'soon', '-5'])('a delay of %j is none', milliseconds => {
  const remoteOf = () => local;
  expect(delayed(milliseconds, remoteOf)).toBe(remoteOf);
});
