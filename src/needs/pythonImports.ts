import type { SyntaxNode } from '@lezer/common';

import { childrenOf } from './pythonSyntax';

/** `from ..a.b import c, d` is { level: 2, module: 'a.b', names: ['c', 'd'] } */
export interface PythonImport {
  /** the leading dots; 0 = absolute */
  level: number;
  module: string;
  /** what is taken out of the module, and may be modules themselves; without `*` */
  names: string[];
}

/** What an import statement imports. */
export function importStatement(text: string, node: SyntaxNode): PythonImport[] {
  const words = childrenOf(node)
    .filter(child => !child.type.isError && child.name !== 'Comment')
    .map(child => text.slice(child.from, child.to))
    .filter(word => word !== '' && word !== '(' && word !== ')');
  const [first, ...rest] = words;
  if (first === 'import') {
    return commaSeparated(rest)
      .map(target => dottedName(target))
      .filter(module => module !== '')
      .map(module => ({ level: 0, module, names: [] }));
  }
  const middle = rest.indexOf('import');
  const source = middle < 0 ? rest : rest.slice(0, middle);
  const dots = source.findIndex(word => !/^\.+$/.test(word));
  const leading = dots < 0 ? source : source.slice(0, dots);
  const level = leading.join('').length;
  const module = dottedName(source.slice(leading.length));
  if (level === 0 && module === '') {
    return [];
  }
  const names = commaSeparated(middle < 0 ? [] : rest.slice(middle + 1))
    .map(target => target[0] ?? '')
    .filter(name => name !== '' && name !== '*');
  return [{ level, module, names }];
}

function commaSeparated(words: string[]): string[][] {
  const groups: string[][] = [[]];
  for (const word of words) {
    if (word === ',') {
      groups.push([]);
    } else {
      groups.at(-1)?.push(word);
    }
  }
  return groups;
}

/** a . b as c → a.b */
function dottedName(words: string[]): string {
  const as = words.indexOf('as');
  return (as < 0 ? words : words.slice(0, as)).filter(word => word !== '.').join('.');
}
