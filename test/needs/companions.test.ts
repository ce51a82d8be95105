import { describe, expect, it } from 'vitest';

import { needsOf } from './needsOf';

async function takenFrom(names: string[], source: string): Promise<string[]> {
  const folder = Object.fromEntries(names.map(name => [name, '']));
  return (await needsOf(source, { ...folder, 'other.txt': '' })).files.map(({ path }) => path);
}

describe('files that belong together go along together', () => {
  it.each<[string, string[]]>([
    ['roads.shp', ['roads.dbf', 'roads.prj', 'roads.shp', 'roads.shp.xml', 'roads.shx']],
    ['ROADS.SHP', ['ROADS.DBF', 'ROADS.SHP', 'ROADS.SHX']],
    ['MAP.JPG', ['MAP.JPG', 'MAP.jgw']],
    ['roads.dbf', ['roads.dbf', 'roads.shp']],
    ['scene.hdr', ['scene.hdr', 'scene.img']],
    ['scene.img', ['scene.hdr', 'scene.img', 'scene.img.aux.xml']],
    ['scene.dat.hdr', ['scene.dat', 'scene.dat.hdr']],
    ['scene.hdr', ['scene', 'scene.hdr']],
    ['brain.img', ['brain.hdr', 'brain.img', 'brain.mat']],
    ['s1.vhdr', ['s1.eeg', 's1.vhdr', 's1.vmrk']],
    ['s1.set', ['s1.fdt', 's1.set']],
    ['dem.tif', ['dem.tfw', 'dem.tif', 'dem.tif.aux.xml', 'dem.tif.ovr']],
    ['map.jpg', ['map.jgw', 'map.jpg']],
    ['map.png', ['map.pgw', 'map.png']],
    ['x.bam', ['x.bam', 'x.bam.bai']],
    ['x.bam', ['x.bai', 'x.bam']],
    ['x.bam.bai', ['x.bam', 'x.bam.bai']],
    ['x.cram', ['x.cram', 'x.cram.crai']],
    ['x.vcf.gz', ['x.vcf.gz', 'x.vcf.gz.csi', 'x.vcf.gz.tbi']],
    ['ref.fa', ['ref.dict', 'ref.fa', 'ref.fa.fai']],
    ['ref.fa.gz', ['ref.fa.gz', 'ref.fa.gz.fai', 'ref.fa.gz.gzi']],
    ['vol.mhd', ['vol.mhd', 'vol.zraw']],
    ['w.model', ['w.model', 'w.model.wv.vectors.npy']],
    ['m.db', ['m.db', 'm.db-shm', 'm.db-wal']],
    ['scan.mrxs', ['scan.mrxs', 'scan/Data0001.dat']],
    ['model.ckpt', ['model.ckpt.data-00000-of-00001', 'model.ckpt.index', 'model.ckpt.meta']],
    ['model.ckpt.index', ['model.ckpt.data-00000-of-00001', 'model.ckpt.index']],
    ['model.ckpt.data-00000-of-00001', ['model.ckpt.data-00000-of-00001', 'model.ckpt.index']],
    ['roads', ['roads.dbf', 'roads.shp']],
    ['100', ['100.atr', '100.dat', '100.hea']],
    ['geno', ['geno.bed', 'geno.bim', 'geno.fam']],
    ['run.hdr', ['run.hdr']]
  ])('%s', async (name, together) => {
    expect(await takenFrom(together, `read("${name}")`)).toEqual(together);
    const below = together.map(path => `data/${path}`);
    expect(await takenFrom(below, `read("data/${name}")`)).toEqual(below);
  });

  it('where a pattern or a command names one of them as well', async () => {
    const roads = ['roads.dbf', 'roads.shp'];
    expect(await takenFrom(roads, 'glob("*.shp")')).toEqual(roads);
    expect(await takenFrom(roads, '!ogrinfo roads.shp')).toEqual(roads);
  });

  it('but one file alone is called so by chance', async () => {
    expect(await takenFrom(['in.dat'], '"in"')).toEqual([]);
  });

  it('but not what has only a neighbour in common', async () => {
    expect(await takenFrom(['x.png', 'x.prj', 'x.shp'], '"x.png"')).toEqual(['x.png', 'x.prj']);
    expect(await takenFrom(['a.csv', 'a.txt', 'a.py'], '"a.csv"')).toEqual(['a.csv']);
  });
});
