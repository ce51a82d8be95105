import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { BUILT_IN_DEFAULTS } from '../../../src/api/defaults';
import { FIELD_NAMES } from '../../../src/api/fields';
import { readSettings } from '../../../src/api/settings';
import { english } from '../../../src/api/translation';
import { fieldLabel } from '../../../src/words';
import { CommandIDs } from '../../../src/lab/commandIDs';
import { settingLabel } from '../../../src/lab/settings/settingLabel';

/** What a field of the settings is in the schema, as far as tests look at it. */
const Field = v.object({
  type: v.picklist(['string', 'integer', 'boolean', 'array', 'object']),
  title: v.string(),
  description: v.string(),
  $ref: v.optional(v.string()),
  items: v.optional(v.object({ type: v.optional(v.string()), $ref: v.optional(v.string()) }))
});
const Fields = v.object({
  additionalProperties: v.literal(false),
  properties: v.record(v.string(), Field)
});
const Item = v.object({ command: v.optional(v.string()) });
const Schema = v.object({
  ...Fields.entries,
  title: v.string(),
  definitions: v.object({ cluster: Fields, fields: Fields }),
  'jupyter.lab.menus': v.object({
    main: v.array(v.object({ id: v.string(), items: v.array(Item) })),
    context: v.array(Item)
  }),
  'jupyter.lab.toolbars': v.object({ Notebook: v.array(Item) })
});

const text = readFileSync('schema/plugin.json', 'utf8');
const schema = v.parse(v.pipe(v.string(), v.parseJson(), Schema), text);
const { cluster, fields } = schema.definitions;

/** A value that the schema takes for a field. */
function valueOf({ type }: v.InferOutput<typeof Field>): unknown {
  return { string: '1h', integer: 2, boolean: true, array: [], object: {} }[type];
}

describe('the schema of the settings', () => {
  it('has every field of the form that can have a default', () => {
    const wanted = FIELD_NAMES.filter(name => name !== 'notebook' && name !== 'cluster');
    expect(Object.keys(fields.properties).toSorted()).toEqual([...wanted].toSorted());
  });

  it('has a default for each setting: without one, what an administrator sets breaks all settings', () => {
    // jupyterlab_server's settings_utils.py puts it in the place of the schema's.
    const { properties } = v.parse(
      v.object({ properties: v.record(v.string(), v.looseObject({})) }),
      JSON.parse(text)
    );
    Object.entries(properties).forEach(([name, setting]) =>
      expect(setting, name).toHaveProperty('default')
    );
  });

  it('calls them what the form calls them', () => {
    for (const [name, { title }] of Object.entries(fields.properties)) {
      expect(title).toBe(fieldLabel(name, english));
    }
  });

  it('takes the same fields for all clusters and for one', () => {
    expect(schema.properties['defaults']?.$ref).toBe('#/definitions/fields');
    expect(cluster.properties['defaults']?.$ref).toBe('#/definitions/fields');
    expect(schema.properties['clusters']?.items?.$ref).toBe('#/definitions/cluster');
  });

  it('has no field that the service does not know', () => {
    const filled = (all: v.InferOutput<typeof Fields>): object =>
      Object.fromEntries(
        Object.entries(all.properties).map(([name, field]) => [name, valueOf(field)])
      );
    const settings = readSettings({ clusters: [filled(cluster)], defaults: filled(fields) });
    const wrong = [
      ...(settings.problem?.fields ?? []),
      ...settings.clusters.flatMap(one => one.wrong)
    ];
    expect(wrong.filter(({ code }) => code === 'unknown')).toEqual([]);
    expect(settings.clusters).toHaveLength(1);
  });

  it('gives problems the names of its fields', () => {
    for (const [name, { title }] of Object.entries(cluster.properties)) {
      const label = name === 'defaults' ? 'Defaults' : settingLabel(name, english);
      expect(title).toBe(label);
    }
  });

  it('says the built-in defaults', () => {
    expect(fields.properties['cores']?.description).toContain(`Empty: ${BUILT_IN_DEFAULTS.cores}.`);
    expect(fields.properties['time']?.description).toContain(`Empty: ${BUILT_IN_DEFAULTS.time}.`);
  });

  it('names commands that there are', () => {
    const { 'jupyter.lab.menus': menus, 'jupyter.lab.toolbars': toolbars } = schema;
    const items = [
      ...menus.main.flatMap(menu => menu.items),
      ...menus.context,
      ...toolbars.Notebook
    ];
    const named = items.flatMap(({ command }) => command ?? []);
    expect(named).toHaveLength(3);
    for (const command of named) {
      expect(Object.values(CommandIDs)).toContain(command);
    }
  });

  it('has the title that the settings editor is asked to look for', () => {
    expect(schema.title).toBe('Submit to cluster');
  });
});
