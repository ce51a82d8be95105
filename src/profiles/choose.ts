import { type ChosenProfile, NO_PROFILE, type SiteProfile, ofOrigin } from '../api/profile';
import { matches } from './match';

/** The profiles that there are. */
export interface Profiles {
  /** Those of administrators of this Jupyter, those first that count first. */
  administrators: readonly SiteProfile[];
  /** What the cluster says of itself. */
  cluster: SiteProfile | null;
  shipped: readonly SiteProfile[];
}

/**
 * The one profile that counts for a cluster, whole; null where none does. An administrator's that knows the host counts whatever
 * a person's settings say; then the one that these name; then the cluster's own; then one of ours that knows the host.
 *
 * @param asked What the settings of the cluster name: a profile, or none.
 * @param host The name that ssh connects to; null while it is not known.
 */
export function chooseProfile(
  asked: string | undefined,
  host: string | null,
  { administrators, cluster, shipped }: Profiles
): ChosenProfile | null {
  const knowsHost = ({ hosts }: SiteProfile): boolean =>
    host !== null && hosts.some(pattern => matches(pattern, host));
  const theirs = administrators.map(profile => ofOrigin(profile, 'administrator'));
  const own = cluster === null ? [] : [ofOrigin(cluster, 'cluster')];
  const ours = shipped.map(profile => ofOrigin(profile, 'shipped'));
  const settled = theirs.find(knowsHost);
  if (settled !== undefined || asked === NO_PROFILE) {
    return settled ?? null;
  }
  return asked === undefined
    ? (own[0] ?? ours.find(knowsHost) ?? null)
    : ([...theirs, ...own, ...ours].find(({ name }) => name === asked) ?? null);
}

/** The names that the settings of a cluster can have. */
export function profileNames({ administrators, cluster, shipped }: Profiles): string[] {
  const all = [...administrators, ...(cluster === null ? [] : [cluster]), ...shipped];
  return [NO_PROFILE, ...new Set(all.map(({ name }) => name))];
}
