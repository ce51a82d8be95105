import type { Translator } from '../../api/translation';
import { fieldLabel } from '../../words';

/**
 * A field of the settings by the name that the settings editor shows: `Clusters, entry 2, Name`, `Host`, and for one of the
 * defaults what the form calls it.
 */
export function settingLabel(field: string, trans: Translator): string {
  const [name = '', ...inner] = field.split('.');
  if (name === 'defaults' && inner.length > 0) {
    return fieldLabel(inner.join('.'), trans);
  }
  const label = labels(trans)[name];
  if (label === undefined) {
    return fieldLabel(field, trans);
  }
  const [entry, ...inEntry] = inner;
  const numbered = entry === undefined ? label : trans.__('%1, entry %2', label, Number(entry) + 1);
  return inEntry.length === 0
    ? numbered
    : trans.__('%1, %2', numbered, settingLabel(inEntry.join('.'), trans));
}

/** The titles of `schema/plugin.json`, where the form has no field of that name. */
function labels(trans: Translator): Partial<Record<string, string>> {
  return {
    clusters: trans.__('Clusters'),
    defaults: trans.__('Defaults for every cluster'),
    jobsAtOnce: trans.__('Jobs at a time on this machine'),
    name: trans.__('Name'),
    title: trans.__('Title'),
    host: trans.__('Host'),
    scheduler: trans.__('Scheduler'),
    transport: trans.__('Transport'),
    transferHost: trans.__('Transfer host'),
    baseFolder: trans.__('Base folder')
  };
}
