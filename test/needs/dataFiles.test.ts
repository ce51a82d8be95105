import { describe, expect, it } from 'vitest';

import { MAX_DATA_BYTES } from '../../src/needs/dataFiles';
import { needsOf } from './needsOf';

const there = {
  'in.csv': 1,
  'my data.csv': 1,
  'd/a.vtu': 1,
  'd/b.vtu': 1,
  'd/x.h5': 1,
  'raw/r.raw': 1,
  images: 1
};

async function takenBy(name: string, text: string, more = {}): Promise<string[]> {
  const needs = await needsOf(`load("${name}")`, { ...there, ...more, [name]: text });
  return needs.files.map(({ path }) => path).filter(path => path !== name);
}

describe('what a text that goes along names goes along', () => {
  it.each<[string, string, string[]]>([
    ['config.yaml', 'input: in.csv # here\nother: nothing.csv', ['in.csv']],
    ['config.yaml', 'input: my data.csv', ['my data.csv']],
    ['config.yml', 'files:\n  - in.csv\n  - ./d/a.vtu', ['d/a.vtu', 'in.csv']],
    ['c.yaml', 'data_dir: d', ['d/a.vtu', 'd/b.vtu', 'd/x.h5']],
    ['c.json', '{"paths": ["in.csv", "d\\/a.vtu"], "n": 3}', ['d/a.vtu', 'in.csv']],
    ['c.toml', 'train = "my data.csv"', ['my data.csv']],
    ['c.ini', '[a]\nfile=in.csv', ['in.csv']],
    [
      'd/all.pvd',
      '<DataSet timestep="0" file="a.vtu"/><DataSet file="b.vtu"/>',
      ['d/a.vtu', 'd/b.vtu']
    ],
    ['d/x.xdmf', '<DataItem Format="HDF">x.h5:/Mesh/0</DataItem>', ['d/x.h5']],
    ['m.vrt', '<SourceFilename relativeToVRT="1">raw/r.raw</SourceFilename>', ['raw/r.raw']],
    ['m.mhd', 'ElementType = MET_SHORT\nElementDataFile = raw/r.raw', ['raw/r.raw']],
    ['m.vhdr', '[Common Infos]\nDataFile=in.csv', ['in.csv']],
    ['d/c.yaml', 'input: in.csv', ['in.csv']],
    ['c.json', '{"images": 3, "in": "csv"}', []],
    ['c.txt', 'in.csv', []]
  ])('%s: %j', async (name, text, paths) => {
    expect(await takenBy(name, text)).toEqual(paths);
  });

  it('through others, and back', async () => {
    const more = { 'b.yaml': 'next: c.yaml', 'c.yaml': 'back: a.yaml\nx: in.csv' };
    expect(await takenBy('a.yaml', 'next: b.yaml', more)).toEqual(['b.yaml', 'c.yaml', 'in.csv']);
  });

  it('with a word for what lies outside', async () => {
    const files = { 'c.yaml': 'input: ../up.csv' };
    const { notTakenAlong } = await needsOf('open("c.yaml")', files, ['../up.csv']);
    expect(notTakenAlong).toEqual([
      { cell: null, file: 'c.yaml', literal: '../up.csv', why: 'outside' }
    ]);
  });

  it('but a large one is data', async () => {
    expect(await takenBy('c.json', `"in.csv"${' '.repeat(MAX_DATA_BYTES)}`)).toEqual([]);
  });
});
