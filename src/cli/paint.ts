import { styleText } from 'node:util';

/** What a piece of text is, for its color. */
export type Ink = 'good' | 'bad' | 'warning' | 'faint' | 'strong' | 'accent';

export type Paint = (ink: Ink, text: string) => string;

const STYLES = {
  good: 'green',
  bad: 'red',
  warning: 'yellow',
  faint: 'dim',
  strong: 'bold',
  accent: 'cyan'
} as const satisfies Record<Ink, string>;

export const plain: Paint = (_, text) => text;

const colored: Paint = (ink, text) => styleText(STYLES[ink], text, { validateStream: false });

/** Colors for a terminal, none for anything else, for a dumb one, or where NO_COLOR asks for none. */
export function paintFor(
  stream: { isTTY?: boolean | undefined },
  environment: NodeJS.ProcessEnv
): Paint {
  const wanted =
    stream.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  return wanted ? colored : plain;
}
