/** The oldest versions of packages that jobs can use; the runner has them, too (`runner/versions.py`). */
export const OLDEST_VERSIONS: Readonly<Record<string, string>> = {
  nbclient: '0.7',
  jupyter_client: '7.0',
  ipykernel: '6.0',
  ipyparallel: '8.2'
};

/**
 * Whether a version of a package is too old, and that is sure: what cannot be read, or was built from a checkout, may be
 * anything. A release candidate counts as what it will be.
 */
export function isTooOld(name: string, version: string): boolean {
  const numbers = /^v?(?:\d+!)?(\d+(?:\.\d+)*)/.exec(version)?.[1];
  const oldest = OLDEST_VERSIONS[name];
  if (numbers === undefined || oldest === undefined || /dev\d*\+/.test(version)) {
    return false;
  }
  const parts = numbers.split('.').map(Number);
  // No version at all is what builds without their history have: 0.0.0, 0+unknown.
  return parts.some(part => part > 0) && isBefore(parts, oldest.split('.').map(Number));
}

function isBefore(parts: readonly number[], oldest: readonly number[]): boolean {
  const at = oldest.findIndex((part, index) => part !== (parts[index] ?? 0));
  return at >= 0 && (parts[at] ?? 0) < (oldest[at] ?? 0);
}
