import { describe, expect, it } from 'vitest';
import { fileName } from '../../src/job/paths';
import { resultPaths, resultsFolderOf } from '../../src/job/resultPaths';
import { AWKWARD_NAMES } from '../awkward';

it.each([
  [undefined, undefined],
  ['results', '/home/ada/work/results'],
  ['./results//2026/', '/home/ada/work/results/2026'],
  ['.', '/home/ada/work'],
  ['/scratch/ada', '/scratch/ada'],
  ['/', '/'],
  ['~', '/home/ada'],
  ['~/results', '/home/ada/results'],
  ["it's $(a) folder", "/home/ada/work/it's $(a) folder"]
])('a result that is asked to go to %j goes to %j', (asked, folder) => {
  expect(resultsFolderOf('/home/ada/work/nb.ipynb', asked, '/home/ada')).toBe(folder);
});

describe('resultPaths', () => {
  const results = (...asked: Parameters<typeof resultPaths>): string[] =>
    Object.values(resultPaths(...asked));

  it.each([
    ['/home/ada/decay.ipynb', '/home/ada/decay.k3v9x2ab'],
    ['/decay.ipynb', '/decay.k3v9x2ab'],
    ['/home/ada/v1.2.ipynb', '/home/ada/v1.2.k3v9x2ab'],
    ['/home/ada/a.ipynb.ipynb', '/home/ada/a.ipynb.k3v9x2ab'],
    ['/home/ada.ipynb/b.ipynb', '/home/ada.ipynb/b.k3v9x2ab']
  ])('lie beside %s', (notebook, stem) => {
    expect(results(notebook, 'k3v9x2ab')).toEqual([`${stem}.ipynb`, `${stem}.files`]);
  });

  it.each(AWKWARD_NAMES)('keep the name %j', name => {
    const [notebook] = results(`/home/${name}/${name}.ipynb`, 'k3v9x2ab');
    expect(notebook).toBe(`/home/${name}/${name}.k3v9x2ab.ipynb`);
  });

  it.each(['/elsewhere', '/elsewhere/'])('lie in another place: %s', place => {
    expect(results('/home/ada/decay.ipynb', 'k3v9x2ab', place)[0]).toBe(
      '/elsewhere/decay.k3v9x2ab.ipynb'
    );
  });

  it('are never the source', () => {
    for (const notebook of ['/a/b.ipynb', '/a/b.k3v9x2ab.ipynb', '/a/.ipynb', '/b.ipynb']) {
      expect(results(notebook, 'k3v9x2ab')).not.toContain(notebook);
    }
  });

  it.each(['z', 'ö', '日', '😀'])('have names that a file system takes, out of many %s', letter => {
    const longest = Buffer.byteLength(letter);
    const name = `${letter.repeat(Math.floor(249 / longest))}.ipynb`;
    for (const path of results(`/home/ada/${name}`, 'k3v9x2ab')) {
      const bytes = Buffer.byteLength(fileName(path));
      expect(bytes).toBeLessThanOrEqual(255);
      expect(bytes).toBeGreaterThan(255 - longest);
      expect(fileName(path).replaceAll(letter, '')).toMatch(/^\.k3v9x2ab\.(ipynb|files)$/);
    }
  });
});
