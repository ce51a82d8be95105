/**
 * Names that a file or a folder may have and that a careless line of shell breaks on. Control characters are missing:
 * a cluster's and a notebook's paths are refused with them.
 */
export const AWKWARD_NAMES = [
  'a blank',
  ' around ',
  "it's",
  "'",
  '"quoted"',
  '$HOME',
  '$(touch pwned)',
  '`touch pwned`',
  'a;touch pwned;',
  'a&b|c>d<e',
  'back\\slash',
  '\\',
  '-rf',
  '--',
  '*?[a-z]',
  '{a,b}',
  '~',
  '!!',
  '#hash',
  '%s%n',
  'a=b',
  '(a)',
  'größe 日本 😀'
] as const;
