import { THIS_MACHINE } from '../../../api/cluster';
import { BUILT_IN_DEFAULTS } from '../../../api/defaults';
import { formOf } from '../../../api/formOf';
import type { JobRecord } from '../../../api/job';
import { nameOf } from '../../../api/jobSpec';
import { ruled } from '../../../api/profileRules';
import type { ClusterChoice } from '../../../api/routes';
import type { FormValues } from '../../tokens';
import { fieldValue, isUsual } from './fieldValue';
import { FIELDS, FIELD_NAMES, type FieldGroup } from '../../../api/fields';

/**
 * The cluster to begin with: the one that was used last, if it can still be chosen, else This machine. No other is taken,
 * not even the only one: a host is contacted when a person has chosen it.
 */
export function startCluster(choices: readonly ClusterChoice[], usedLast: string | null): string {
  return choices.find(({ name }) => name === usedLast)?.name ?? THIS_MACHINE;
}

/** What counts for fields that are left alone on this cluster; of one that is not in order, nothing is known. */
export function defaultValues(choice: ClusterChoice | null): FormValues {
  return valuesOf(choice?.problem === null ? choice.defaults : BUILT_IN_DEFAULTS);
}

/** What the site of this cluster has set, whatever anybody fills in. */
export function lockedValues(choice: ClusterChoice | null): FormValues {
  return valuesOf(ruled(choice?.profile ?? null).locked);
}

/**
 * What a person had filled in for a job, beyond what would have been there anyway. What only its own cluster understands
 * does not go to another one.
 */
export function jobValues({ spec }: JobRecord, cluster: string, defaults: FormValues): FormValues {
  const { name, ...form } = formOf(spec);
  const asked = valuesOf(name === nameOf(spec.notebook) ? form : { ...form, name });
  return Object.fromEntries(
    FIELD_NAMES.filter(field => field !== 'notebook')
      .filter(field => spec.cluster === cluster || !OF_ONE_CLUSTER.includes(FIELDS[field].group))
      .flatMap(field => {
        const value = asked[field];
        return value === undefined || isUsual(field, value, defaults[field])
          ? []
          : [[field, value]];
      })
  );
}

const OF_ONE_CLUSTER: readonly FieldGroup[] = ['queue', 'environment'];

function valuesOf(form: Readonly<Record<string, unknown>>): FormValues {
  return Object.fromEntries(
    FIELD_NAMES.flatMap(field => {
      const value = fieldValue(field, form[field]);
      return value === null ? [] : [[field, value]];
    })
  );
}
