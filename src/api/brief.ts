type Entries = Readonly<Record<string, unknown>>;

/**
 * A value without the fields that have just what its schema fills in where there are none: parsing the rest gives the value
 * back. `schema` is one of an object, and its fields may be, too.
 */
export function brief(schema: { readonly entries: Entries }, value: object): object {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]: [string, unknown]): [string, unknown][] => {
      const entry = schema.entries[name];
      if (entry === undefined || isFilledIn(entry, field)) {
        return [];
      }
      return [[name, hasEntries(entry) && isObject(field) ? brief(entry, field) : field]];
    })
  );
}

function isFilledIn(entry: unknown, field: unknown): boolean {
  if (!isObject(entry) || !('type' in entry) || entry.type !== 'optional') {
    return false;
  }
  const without = 'default' in entry ? entry.default : undefined;
  return (
    field === without ||
    (isObject(field) && isObject(without) && JSON.stringify(field) === JSON.stringify(without))
  );
}

function hasEntries(entry: unknown): entry is { readonly entries: Entries } {
  return isObject(entry) && 'entries' in entry && isObject(entry.entries);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
