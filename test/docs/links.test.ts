import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const pages = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => path.join('docs', name))
].filter(page => existsSync(page));

it.each(pages)('%s links to what is there', page => {
  const text = readFileSync(page, 'utf8');
  const targets = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(match => match[1] ?? '');
  const broken = targets.filter(
    target => !/^[a-z]+:/.test(target) && !existsSync(path.join(path.dirname(page), target))
  );
  expect(broken).toEqual([]);
});

/** Paths that the pages name in code style; a moved file must not leave its old name behind. */
it.each(pages)('%s names sources that are there', page => {
  const text = readFileSync(page, 'utf8');
  const named = [
    ...text.matchAll(/`((?:src|test|dev|docs|jupyterlab_submit)\/[A-Za-z0-9_./-]+)`/g)
  ].map(match => match[1] ?? '');
  const generated = /^jupyterlab_submit\/bundle/;
  expect(named.filter(name => !generated.test(name) && !existsSync(name))).toEqual([]);
});
