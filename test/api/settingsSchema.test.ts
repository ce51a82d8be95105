import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { FIELD_NAMES } from '../../src/api/fields';
import { CLUSTER_FIELDS, readSettings } from '../../src/api/settings';

const Properties = v.object({ properties: v.record(v.string(), v.looseObject({})) });

const schema = v.parse(
  v.pipe(
    v.string(),
    v.parseJson(),
    v.object({
      ...Properties.entries,
      definitions: v.object({ cluster: Properties, fields: Properties })
    })
  ),
  readFileSync('schema/plugin.json', 'utf8')
);

it('lets the settings editor fill in every field that is read, and no other', () => {
  const { cluster, fields } = schema.definitions;
  expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['clusters', 'defaults']));
  expect(Object.keys(cluster.properties).toSorted()).toEqual(CLUSTER_FIELDS.toSorted());
  expect(Object.keys(fields.properties).toSorted()).toEqual(
    FIELD_NAMES.filter(field => field !== 'notebook' && field !== 'cluster').toSorted()
  );
});

it('has defaults in which nothing is set, and nothing is wrong', () => {
  const defaults = Object.entries(schema.properties).map(([name, part]) => [name, part['default']]);
  expect(readSettings(Object.fromEntries(defaults))).toEqual(readSettings(undefined));
});
