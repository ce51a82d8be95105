import type { ChosenProfile } from '../api/profile';
import type { Translator } from '../api/translation';

/** Whose word a profile is: what people go by when it is not right. */
export function originWords(origin: string, isTried: boolean, trans: Translator): string {
  switch (origin) {
    case 'administrator':
      return trans.__('by the administrator of this Jupyter');
    case 'cluster':
      return trans.__('by the cluster itself');
    case 'shipped':
      return isTried
        ? trans.__("from the site's documents")
        : trans.__("from the site's documents; not tried by us");
    default:
      return origin;
  }
}

/** What a profile says beside the fields of a form, a sentence or two for each thing. */
export function profileLines(profile: ChosenProfile, trans: Translator): string[] {
  const { baseFolder, home, internet, login, loginNodes, nodes, purge } = profile;
  return [
    ...(login === undefined ? [] : [trans.__('Logging in: %1', login)]),
    ...(home === undefined ? [] : homeLines(home, trans)),
    ...(baseFolder === undefined ? [] : [trans.__('Base folder: %1', baseFolder)]),
    ...purge.map(({ days, where }) =>
      trans._n(
        'Files are deleted after %1 day: %2',
        'Files are deleted after %1 days: %2',
        days,
        where
      )
    ),
    ...(internet === undefined ? [] : internetLines(internet, trans)),
    ...wholeLines(nodes.whole, trans),
    ...loginNodes.map(rule => trans.__('Login nodes: %1', rule))
  ];
}

/** When the documents were of that a profile was read in: the newest; empty where it names none. */
export function profileDate({ sources }: ChosenProfile): string {
  return (
    sources
      .map(({ date }) => date)
      .toSorted()
      .at(-1) ?? ''
  );
}

function homeLines(home: NonNullable<ChosenProfile['home']>, trans: Translator): string[] {
  switch (home) {
    case 'yes':
      return [];
    case 'read-only':
      return [trans.__('Jobs can read the home folder, and not write there.')];
    case 'no':
      return [trans.__('Jobs do not see the home folder.')];
  }
}

function wholeLines(whole: ChosenProfile['nodes']['whole'], trans: Translator): string[] {
  if (whole === undefined || whole === false) {
    return [];
  }
  return [
    whole === true
      ? trans.__('A job gets whole nodes: all of their cores count.')
      : trans.__('A job gets whole nodes in these queues: %1', whole.join(', '))
  ];
}

function internetLines(internet: boolean, trans: Translator): string[] {
  return internet ? [] : [trans.__('Jobs have no way to the internet.')];
}
