import { describe, expect, it } from 'vitest';

import { literalPath } from '../../src/needs/literalPath';

const inside = (path: string | null, pattern: string | null = null) =>
  ({ kind: 'inside', path, pattern }) as const;

describe('below the folder', () => {
  it.each<[string, string]>([
    ['x.csv', 'x.csv'],
    ['./x.csv', 'x.csv'],
    ['.//x.csv', 'x.csv'],
    ['data/', 'data'],
    ['a/b/c.csv', 'a/b/c.csv'],
    ['a//b/./c', 'a/b/c'],
    ['a/../b', 'b'],
    ['a/b/../../c', 'c'],
    ['data', 'data'],
    ['k', 'k'],
    ['a b.csv', 'a b.csv'],
    [' x', ' x'],
    ["it's", "it's"],
    ['"x"', '"x"'],
    ['$HOME;rm -rf', '$HOME;rm -rf'],
    ['a\\b.csv', 'a\\b.csv'],
    ['-rf', '-rf'],
    ['größe/数据.csv', 'größe/数据.csv'],
    ['...', '...'],
    ['..x/y', '..x/y'],
    ['.env', '.env'],
    ['~x', '~x'],
    ['~', '~'],
    ['a/~/b', 'a/~/b'],
    ['text/html', 'text/html'],
    ['100%', '100%'],
    ['{', '{'],
    ['a[b', 'a[b'],
    ['c:\\x', 'c:\\x'],
    ['see ../x for', 'see ../x for'],
    ['a'.repeat(1000), 'a'.repeat(1000)]
  ])('%j is asked for as %j', (literal, path) => {
    expect(literalPath([literal])).toEqual(inside(path));
  });

  it.each([
    '',
    '.',
    './',
    '././/',
    'a/..',
    '/',
    '//',
    '//server/x',
    'a\nb',
    'a.csv\n',
    'a\rb',
    'a\0b',
    'a'.repeat(1001),
    'http://x.org/y.csv',
    'https://x.org',
    's3://bucket/x',
    'file:///home/me/x.csv'
  ])('%j is no path', literal => {
    expect(literalPath([literal])).toBeNull();
  });
});

describe('several files', () => {
  it.each<[string, string]>([
    ['*.csv', '*.csv'],
    ['./*.csv', '*.csv'],
    ['data/*', 'data/*'],
    ['data/*.csv', 'data/*.csv'],
    ['data/**/x?.csv', 'data/**/x?.csv'],
    ['**/*.csv', '**/*.csv'],
    ['run*', 'run*'],
    ['x[0-9].csv', 'x[0-9].csv'],
    ['a b/*.csv', 'a b/*.csv'],
    ['data/run_{}.npy', 'data/run_*.npy'],
    ['data/{name:03d}.npy', 'data/*.npy'],
    ['data/%s.npy', 'data/*.npy'],
    ['data/%(name)s_%03d_%.2f.npy', 'data/*_*_*.npy'],
    ['data/{}/{}.npy', 'data/*/*.npy'],
    ['data/{}', 'data/*'],
    ['run{}.csv', 'run*.csv'],
    ['run_{}.npy', 'run_*.npy'],
    ['run%03d.csv', 'run*.csv']
  ])('%j is asked for as the glob %j', (literal, pattern) => {
    expect(literalPath([literal])).toMatchObject({ kind: 'inside', pattern });
  });

  it.each<[string[], string]>([
    [['data/run_', '.npy'], 'data/run_*.npy'],
    [['data/', ''], 'data/*'],
    [['./data/', '/', '.npy'], 'data/*/*.npy'],
    [['data/', '_%d.npy'], 'data/*_*.npy'],
    [['run_', '.npy'], 'run_*.npy'],
    [['sim_', '_', '.tar.gz'], 'sim_*_*.tar.gz']
  ])('an f-string %j as %j', (parts, pattern) => {
    expect(literalPath(parts)).toEqual(inside(null, pattern));
  });

  it.each([
    '*',
    '**',
    '**/*',
    '*/*',
    '*.*',
    'r*',
    'ro*',
    'b*-',
    '?',
    '??',
    'Why?',
    '[a-z]',
    '[0-9]+',
    '*/',
    '%d',
    '{}',
    '{}.npy',
    '%s/%s',
    '{}/x.csv',
    '%5.2f'
  ])('%j is no glob', literal => {
    const named = literalPath([literal]);
    expect(named).toEqual(inside(literal.replace(/\/$/, ''), literal === 'Why?' ? 'Why?' : null));
  });

  it.each<[string[]]>([
    [['', '']],
    [['', '.csv']],
    [['r', '.npy']],
    [['', '/x.csv']],
    [['a ', ' b']]
  ])('nor is an f-string %j', parts => {
    expect(literalPath(parts)).toBeNull();
  });
});

describe('outside', () => {
  it.each<[string[], 'outside' | 'absolute', string]>([
    [['../x.csv'], 'outside', '../x.csv'],
    [['./../x.csv'], 'outside', '../x.csv'],
    [['a/../../x.csv'], 'outside', '../x.csv'],
    [['../../a b/x'], 'outside', '../../a b/x'],
    [['..'], 'outside', '..'],
    [['../'], 'outside', '..'],
    [['../data/*.csv'], 'outside', '../data'],
    [['../*.csv'], 'outside', '..'],
    [['../data/', '.csv'], 'outside', '../data'],
    [['/scratch/me/x.csv'], 'absolute', '/scratch/me/x.csv'],
    [['/home/me/data/'], 'absolute', '/home/me/data'],
    [['/home/me/./a/../x'], 'absolute', '/home/me/x'],
    [['/scratch'], 'absolute', '/scratch'],
    [['/tmp/x.csv'], 'absolute', '/tmp/x.csv'],
    [['/home/me/run_', '.csv'], 'absolute', '/home/me'],
    [['/home/me/run_{}.csv'], 'absolute', '/home/me'],
    [['../run/%d.csv'], 'outside', '../run'],
    [['~/x.csv'], 'absolute', '~/x.csv'],
    [['~me/x.csv'], 'absolute', '~me/x.csv'],
    [['~/data/*.csv'], 'absolute', '~/data']
  ])('%j (%s) is asked for as %j', (parts, why, path) => {
    expect(literalPath(parts)).toMatchObject({ kind: 'outside', why, path });
  });

  it.each<[string[], string | null]>([
    [['../x.csv'], '..'],
    [['../figures/x.png'], '../figures'],
    [['../figures/', '.png'], '../figures'],
    [['../figures/%d.png'], '../figures'],
    [['../figures/*.png'], null],
    [['/scratch/me/x.csv'], '/scratch/me'],
    [['/scratch/me/', '.csv'], '/scratch/me'],
    [['/scratch'], null],
    [['/tmp/x.csv'], null],
    [['~/x.csv'], null],
    [['~/runs/x.csv'], '~/runs']
  ])('a file %j would be written in %j', (parts, folder) => {
    expect(literalPath(parts)).toMatchObject({ kind: 'outside', folder });
  });

  it.each([
    '/',
    '/*',
    '/../',
    '/dev/null',
    '/proc/cpuinfo',
    '/usr/bin/env',
    '/etc/hosts',
    '/bin/bash',
    '/tmp',
    '/tmp/',
    '/tmp/*',
    '/home',
    '//x',
    '/{}/x'
  ])('%j is every machine’s own, or nothing', literal => {
    expect(literalPath([literal])).toBeNull();
  });
});
