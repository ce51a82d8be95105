import { ProblemError } from '../../api/problem';
import { type Explanation, originWords, problemWords } from '../../words';
import { EXIT } from '../exitCode';
import { sayFailure } from '../failure';
import { printable, printableLine } from '../printable';
import type { Surroundings } from '../surroundings';
import { columnsOf, padEnd } from '../width';

/** `jupyter submit clusters`: what --cluster can name, and what is wrong with those of the settings that it cannot. */
export async function clusters(
  { client, reader, screen }: Surroundings,
  { json = false }: { json?: boolean }
): Promise<number> {
  const { clusters: all, problem } = await client.clusters();
  const width = Math.max(0, ...all.map(({ name }) => columnsOf(name)));
  for (const choice of all) {
    if (json) {
      screen.line(JSON.stringify(choice));
      continue;
    }
    screen.line(`${padEnd(choice.name, width)}  ${printableLine(choice.title)}`);
    if (choice.profile !== null) {
      const { origin, title, tried } = choice.profile;
      const { trans } = reader();
      const whose = originWords(origin, tried !== false, trans);
      screen.line(
        `${' '.repeat(width)}  ${printableLine(trans.__('Profile: %1 (%2)', title, whose))}`
      );
    }
    if (choice.problem !== null) {
      const words = problemWords(choice.problem, reader().trans);
      linesOf(words).forEach((line, index) => {
        screen.line(`${' '.repeat(width)}  ${index === 0 ? screen.paint('bad', line) : line}`);
      });
    }
  }
  if (problem !== null) {
    sayFailure(screen, new ProblemError(problem));
  }
  return EXIT.succeeded;
}

function linesOf({ advice, title }: Explanation): string[] {
  return printable(advice === '' ? title : `${title}\n${advice}`).split('\n');
}
