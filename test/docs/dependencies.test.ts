import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as v from 'valibot';

const page = readFileSync('docs/dependencies.md', 'utf8');
const named = new Set(
  page
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .flatMap(line => line.split('|')[1]?.match(/(?<=`)[^`, ]+(?=`)/g) ?? [])
);

const Manifest = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    dependencies: v.record(v.string(), v.string()),
    devDependencies: v.record(v.string(), v.string())
  })
);

/** The distributions in the lists of pyproject.toml: quoted, at the start of a line, with or without a version. */
function pythonPackages(): string[] {
  const text = readFileSync('pyproject.toml', 'utf8');
  const lists = text.match(/^(?:dependencies|dev) = \[[^\]]*\]/gm) ?? [];
  return lists.flatMap(list =>
    [...list.matchAll(/^ +"([A-Za-z0-9_-]+)/gm)].map(match => match[1] ?? '')
  );
}

it('names every dependency, and nothing that is none', () => {
  const manifest = v.parse(Manifest, readFileSync('package.json', 'utf8'));
  const used = [
    ...Object.keys(manifest.dependencies),
    ...Object.keys(manifest.devDependencies),
    ...pythonPackages()
  ];
  expect([...named].toSorted()).toEqual(used.toSorted());
});
