const MB_PER_UNIT: Record<string, number> = { M: 1, G: 1024, T: 1024 * 1024 };

/**
 * Reads an amount of memory as people write it: `4G`, `4 GB`, `512 MiB`, `1.5g`. Units count in 1024s, as batch
 * systems do. A bare number is refused: its unit differs from one batch system to the next.
 *
 * @returns whole megabytes (1024 x 1024 bytes), rounded up; null when the text is none of these.
 */
export function parseMemory(text: string): number | null {
  const match = /^(\d{1,9}(?:\.\d{1,3})?) *([MGT])(?:i?B)?$/i.exec(text.trim());
  const perUnit = MB_PER_UNIT[match?.[2]?.toUpperCase() ?? ''];
  return match && perUnit !== undefined ? Math.ceil(Number(match[1]) * perUnit) : null;
}

/** Writes megabytes so that `parseMemory` reads the same amount: in the largest unit that it is a whole number of. */
export function formatMemory(megabytes: number): string {
  const [unit = 'M', perUnit = 1] =
    Object.entries(MB_PER_UNIT).findLast(([, size]) => megabytes % size === 0) ?? [];
  return `${megabytes / perUnit}${unit}`;
}

/** Writes bytes for people: `12 MB`, `1.5 GB`; 1000s, as file managers do. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return bytes === 1 ? '1 byte' : `${value.toFixed(digits)} ${units[unit]}`;
}
