/** JSON in which what JSON cannot say (Infinity) is a string rather than null. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, field) =>
    typeof field === 'number' && !Number.isFinite(field) ? String(field) : field,
  );
}

/** A number as {@link jsonText} writes it; anything else is what it is. */
export const numberOf = (value: unknown): unknown =>
  value === 'Infinity' || value === '-Infinity' || value === 'NaN' ? Number(value) : value;

/** The same everywhere in a value. */
export function withNumbers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNumbers);
  if (typeof value !== 'object' || value === null) return numberOf(value);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withNumbers(part)]));
}
