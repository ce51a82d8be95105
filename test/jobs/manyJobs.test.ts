import { chmodSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { newJobId } from '../../src/api/job';
import { makeTemp } from '../makeTemp';
import { Bench } from './harness';
import { notebook } from './notebook';
import { sourceFolder } from './sourceFolder';

const JOBS = 12;
const AT_ONCE = 2;

/** A program that jobs take for their Python: says when it begins and ends, and what it was sent. */
function sayingPython(): string {
  const file = path.join(makeTemp(), 'saying-python');
  writeFileSync(
    file,
    `#!/bin/bash
echo "begins $JUPYTERLAB_SUBMIT_JOB $(cat work/project/data.txt)" >>"$HOME/said"
sleep 0.4
cp work/project/*.ipynb result.ipynb
echo "ends $JUPYTERLAB_SUBMIT_JOB" >>"$HOME/said"
printf '{"state": "succeeded", "cause": null, "endedAt": %(%s)T}' -1 >exit.json.part
mv exit.json.part exit.json
`
  );
  chmodSync(file, 0o755);
  return file;
}

test('many jobs at once run each once, in their order, few at a time, through the deaths of the sidecar', async () => {
  const bench = await Bench.start({ settings: { jobsAtOnce: AT_ONCE } });
  onTestFinished(() => bench.stop());
  const python = sayingPython();
  const source = sourceFolder({ 'many.ipynb': notebook('1'), 'data.txt': 'nobody\n' });
  const data = path.join(source.folder, 'data.txt');
  const ids = Array.from({ length: JOBS }, () => newJobId(Math.random));
  for (const id of ids) {
    writeFileSync(data, `${id}\n`);
    await bench.submit({ notebook: source.notebook, python, files: ['data.txt'] }, id);
  }
  const deaths = killNowAndThen(bench, 3);
  const jobs = await Promise.all(ids.map(id => bench.end(id, 100)));
  await deaths;
  expect(jobs.map(({ state }) => state)).toEqual(ids.map(() => 'succeeded'));
  const said = readFileSync(path.join(bench.home, 'said'), 'utf8').trimEnd().split('\n');
  const begun = said.filter(line => line.startsWith('begins'));
  expect(begun.toSorted()).toEqual(ids.map(id => `begins ${id} ${id}`).toSorted());
  // Two that begin at the same moment may say so in any order.
  begun.forEach((line, index) => {
    expect(Math.abs(ids.indexOf(line.split(' ')[1] ?? '') - index)).toBeLessThan(AT_ONCE);
  });
  let running = 0;
  for (const line of said) {
    running += line.startsWith('begins') ? 1 : -1;
    expect(running).toBeLessThanOrEqual(AT_ONCE);
  }
  const folders = readdirSync(path.join(bench.home, '.jupyterlab-submit'));
  expect(folders.toSorted()).toEqual(ids.toSorted());
}, 150_000);

async function killNowAndThen(bench: Bench, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await sleep(700);
    await bench.kill();
    await sleep(300);
    await bench.startSidecar();
  }
}
