/**
 * Whether a host's name is one of those that a pattern stands for: `*` is anything within one part of a name, so that
 * `*.nersc.gov` is none of `a.b.nersc.gov`.
 *
 * @param host The name that ssh connects to, not only what a person calls it; large letters are small ones.
 */
export function matches(pattern: string, host: string): boolean {
  const parts = partsOf(host);
  const wanted = partsOf(pattern);
  return (
    parts.length === wanted.length &&
    wanted.every((part, index) => matchesPart(part, parts[index] ?? ''))
  );
}

/** The parts of a name; one that ends with a dot is the same host. */
function partsOf(name: string): string[] {
  return name.toLowerCase().replace(/\.$/, '').split('.');
}

/** Goes from star to star, so that no pattern takes long. */
function matchesPart(pattern: string, part: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) {
    return pattern === part;
  }
  if (!part.startsWith(first) || part.length < first.length + last.length) {
    return false;
  }
  let at = first.length;
  for (const between of rest) {
    const found = part.indexOf(between, at);
    if (found < 0) {
      return false;
    }
    at = found + between.length;
  }
  return at <= part.length - last.length && part.endsWith(last);
}
