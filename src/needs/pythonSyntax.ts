import type { SyntaxNode } from '@lezer/common';

import { openString, unescape } from './pythonString';

/** The fixed text before, between and after an f-string's substitutions; one part for a plain string. */
export type PythonLiteral = string[];

export function isLiteral(name: string): boolean {
  return name === 'String' || name === 'FormatString' || name === 'ContinuedString';
}

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    children.push(child);
  }
  return children;
}

export function textOf(text: string, { from, to }: SyntaxNode): string {
  return text.slice(from, to);
}

export function calledName(text: string, call: SyntaxNode): string {
  const callee =
    call.name === 'Decorator' ? call.getChildren('VariableName').at(-1) : call.firstChild;
  const named = callee?.name === 'MemberExpression' ? callee.lastChild : callee;
  return named ? text.slice(named.from, named.to) : '';
}

export function stringArguments(text: string, call: SyntaxNode): string[] {
  const list = call.getChild('ArgList');
  const strings: string[] = [];
  for (const argument of list ? childrenOf(list) : []) {
    const parts = isLiteral(argument.name) ? literalParts(text, argument) : null;
    if (parts?.length === 1) {
      strings.push(...parts);
    }
  }
  return strings;
}

/** null for bytes, which name no file in practice and would have to be decoded by guess */
export function literalParts(text: string, node: SyntaxNode): string[] | null {
  if (node.name !== 'ContinuedString') {
    return stringParts(text, node);
  }
  let parts = [''];
  for (const piece of childrenOf(node).filter(child => isLiteral(child.name))) {
    const next = stringParts(text, piece);
    if (!next) {
      return null;
    }
    parts = [...parts.slice(0, -1), `${parts.at(-1) ?? ''}${next[0] ?? ''}`, ...next.slice(1)];
  }
  return parts;
}

function stringParts(text: string, node: SyntaxNode): string[] | null {
  const token = text.slice(node.from, node.to);
  const open = openString(token);
  if (!open || open.bytes) {
    return null;
  }
  const isFormat = node.name === 'FormatString';
  const parts: string[] = [];
  let from = open.from;
  const close = (to: number): void => {
    const inside = token.slice(from, Math.max(from, to));
    const value = open.raw ? inside : unescape(inside);
    parts.push(isFormat ? value.replaceAll('{{', '{').replaceAll('}}', '}') : value);
  };
  for (const hole of isFormat ? node.getChildren('FormatReplacement') : []) {
    close(hole.from - node.from);
    from = hole.to - node.from;
  }
  close(open.to);
  return parts;
}
