// Numbers as people of every country type them.

const parts = new Intl.NumberFormat().formatToParts(12345.6);
const DECIMAL = parts.find(({ type }) => type === 'decimal')?.value ?? '.';

/**
 * The number that a text means, null when it means none. "1,000" is a thousand where a comma groups, and one where it is
 * the decimal sign; a `whole` number has no decimals, so there it is a thousand for everybody.
 */
export function parseNumber(text, whole = false, decimal = DECIMAL) {
  const plain = text.trim().replace(/[\s\u00a0\u202f'’_]/g, '').replace('\u2212', '-');
  if (!/^[+-]?[0-9.,]*[0-9][0-9.,]*$/.test(plain)) return null;
  const signs = plain.match(/[.,]/g) ?? [];
  const grouped = /^[+-]?\d{1,3}([.,]\d{3})+$/.test(plain) && new Set(signs).size === 1;
  if (grouped && (whole || signs.length > 1 || signs[0] !== decimal)) return Number(plain.replace(/[.,]/g, ''));
  const last = signs[signs.length - 1];
  if (!last) return Number(plain);
  if (signs.filter((sign) => sign === last).length > 1) return null; // 1.2.3
  const groups = plain.slice(0, plain.lastIndexOf(last));
  if (signs.length > 1 && !/^[+-]?\d{1,3}([.,]\d{3})*$/.test(groups)) return null;
  return Number(`${groups.replace(/[.,]/g, '')}.${plain.slice(plain.lastIndexOf(last) + 1)}`);
}

/** A number as it stands in a field: without groups, with the decimal sign of the country. */
export const fieldNumber = (value, decimal = DECIMAL) => String(value).replace('.', decimal);
