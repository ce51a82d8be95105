import type { SyntaxNode } from '@lezer/common';

import { calledName, childrenOf, textOf } from './pythonSyntax';
import type { PythonLiteral } from './pythonSyntax';

/** How many engines a call asks for by a number in it, as `Cluster(n=8)` and `wait_for_engines(8)`; 0 where it says none. */
export function enginesAskedBy(text: string, call: SyntaxNode): number {
  const name = calledName(text, call);
  const list = call.getChild('ArgList');
  if (!list || !(name === 'Cluster' || FIRST.test(name))) {
    return 0;
  }
  const parts = childrenOf(list).map(node => textOf(text, node));
  const named = parts.findIndex((part, index) => part === 'n' && parts[index + 1] === '=');
  // ( 8 , …
  const value = named < 0 ? (FIRST.test(name) ? parts[1] : undefined) : parts[named + 2];
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) : 0;
}

/** The same of a command line: `ipcluster start -n 8`. */
export function enginesAskedIn(command: PythonLiteral): number {
  const found =
    /\bipcluster\s+(?:start|engines)\b[^\n;&|]*?\s--?(?:Cluster\.)?n[ =]?(\d{1,6})\b/.exec(
      command.join('')
    );
  return Number(found?.[1] ?? 0);
}

/** Methods of ipyparallel's that take the number as their first argument, too. */
const FIRST = /^(start_and_connect|start_cluster|start_engines)(_sync)?$|^wait_for_engines$/;
