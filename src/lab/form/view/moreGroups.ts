import type { Translator } from '../../../api/translation';
import type { FieldGroup } from '../../../api/fields';

/** The groups of *More*, in their order. */
export const MORE_GROUPS = ['engines', 'queue', 'environment', 'run'] as const;
type MoreGroup = Extract<FieldGroup, (typeof MORE_GROUPS)[number]>;

/** What a group is called. */
export function groupLabel(group: MoreGroup, trans: Translator): string {
  switch (group) {
    case 'engines':
      return trans.__('Engines and nodes');
    case 'queue':
      return trans.__('Queue');
    case 'environment':
      return trans.__('Environment');
    case 'run':
      return trans.__('Job');
  }
}
