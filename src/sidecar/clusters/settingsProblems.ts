import type { SchedulerName } from '../../api/cluster';
import type { FieldProblem } from '../../api/field';
import type { ChosenProfile } from '../../api/profile';
import { ruled } from '../../api/profileRules';
import type { ClusterSettings, NamedCluster } from '../../api/settings';
import { type Profiles, profileNames } from '../../profiles/choose';
import { fieldsOf } from './fields';

/** A cluster of the settings, the site profile that counts for it, and those that there are. */
export interface OfSettings {
  named: NamedCluster;
  profile: ChosenProfile | null;
  profiles: Profiles;
}

/** What is wrong with a cluster's settings. Its own defaults are for its own scheduler, and for its site. */
export function wrongIn(
  { named, profile, profiles }: OfSettings,
  at: { scheduler: SchedulerName | undefined; folder: string; home: string; isKnown: boolean }
): FieldProblem[] {
  const { settings, title, wrong } = named;
  return settings === null
    ? wrong
    : [
        ...meaningless(settings, fieldsOf(at.scheduler), title),
        ...refusedIn(settings, profile),
        ...(at.isKnown ? unknownProfile(settings, profiles) : []),
        ...notOnNodes(profile, at)
      ];
}

function meaningless(
  { defaults }: ClusterSettings,
  fields: readonly string[],
  title: string
): FieldProblem[] {
  return Object.keys(defaults)
    .filter(field => !fields.includes(field))
    .map(field => ({
      field: `defaults.${field}`,
      code: 'unsupported',
      values: { cluster: title }
    }));
}

function refusedIn({ defaults }: ClusterSettings, profile: ChosenProfile | null): FieldProblem[] {
  const { refused } = ruled(profile);
  return Object.entries(refused).flatMap(([field, why]) =>
    Object.hasOwn(defaults, field)
      ? [
          {
            field: `defaults.${field}`,
            code: 'site-refuses' as const,
            values: { site: profile?.title ?? '', why }
          }
        ]
      : []
  );
}

function unknownProfile({ profile: asked }: ClusterSettings, profiles: Profiles): FieldProblem[] {
  const names = profileNames(profiles);
  return asked === undefined || names.includes(asked)
    ? []
    : [{ field: 'profile', code: 'choice', values: { choices: names.join(', ') } }];
}

/** Jobs write into their folder. */
function notOnNodes(
  profile: ChosenProfile | null,
  { folder, home }: { folder: string; home: string }
): FieldProblem[] {
  const isSeen = profile?.home === undefined || profile.home === 'yes';
  return isSeen || !(folder === home || folder.startsWith(`${home}/`))
    ? []
    : [
        {
          field: 'baseFolder',
          code: 'home-not-on-nodes',
          values: { site: profile.title, advice: profile.baseFolder ?? '' }
        }
      ];
}
