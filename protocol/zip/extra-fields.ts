// Owns the extra fields of zip headers: well-formed or refused, and the few that change what a header means.
import type { Unsound } from '../archive-error.ts';
import { readUint64 } from './headers.ts';

const ZIP64 = 0x0001;
const UNICODE_PATH = 0x7075;
/** Fields that turn an entry into something else for readers who know them: encryption, links with a mode of their own. */
const REFUSED = new Map([
  [0x0017, 'is encrypted'],
  [0x9901, 'is encrypted'],
  [0x756e, 'has a Unix field that can make it a link'],
]);
const ALL_ONES = 0xffffffff;

/** The extra fields of one header that matter here. */
export interface ExtraFields {
  zip64?: Uint8Array;
  unicodePath?: Uint8Array;
}

/**
 * Splits an extra area into its fields.
 * @throws {RegistryError} INVALID_ARTIFACT for bytes that form no field, a repeated zip64 or Unicode path field, and REFUSED fields.
 */
export function parseExtra(extra: Uint8Array, path: string, unsound: Unsound): ExtraFields {
  const fields: ExtraFields = {};
  for (const { id, data } of splitExtra(extra, path, unsound)) {
    const refused = REFUSED.get(id);
    if (refused !== undefined) throw unsound(refused, path);
    const key = id === ZIP64 ? 'zip64' : id === UNICODE_PATH ? 'unicodePath' : undefined;
    if (key === undefined) continue;
    if (fields[key] !== undefined) throw unsound('has the same extra field twice', path);
    fields[key] = data;
  }
  return fields;
}

function* splitExtra(extra: Uint8Array, path: string, unsound: Unsound): Iterable<{ id: number; data: Uint8Array }> {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.length);
  for (let at = 0; at < extra.length; ) {
    const end = at + 4 <= extra.length ? at + 4 + view.getUint16(at + 2, true) : Number.POSITIVE_INFINITY;
    if (end > extra.length) throw unsound('has a malformed extra field', path);
    yield { id: view.getUint16(at, true), data: extra.subarray(at + 4, end) };
    at = end;
  }
}

/**
 * Replaces the values that a header gives as all ones by those of its zip64 field.
 * APPNOTE §4.5.3 puts only the replaced ones into the field, but some writers put all; whatever reading differs is refused.
 * @param values in the field's order: size, compressed size, and in a central header the offset.
 */
export function widen(values: readonly number[], field: Uint8Array | undefined, refuse: () => Error): number[] {
  const wanted = values.filter((value) => value === ALL_ONES).length;
  if (field === undefined) {
    if (wanted > 0) throw refuse();
    return [...values];
  }
  const wide = uint64s(field, refuse);
  if (wide.length === wanted) return replaceInOrder(values, wide);
  if (wide.length > values.length || !wide.every((value, i) => values[i] === ALL_ONES || values[i] === value))
    throw refuse();
  if (values.indexOf(ALL_ONES, wide.length) !== -1 || !leading(values)) throw refuse();
  return values.map((value, i) => wide[i] ?? value);
}

function replaceInOrder(values: readonly number[], wide: readonly number[]): number[] {
  const rest = [...wide];
  return values.map((value) => (value === ALL_ONES ? (rest.shift() ?? value) : value));
}

/** True if the values of all ones come before all others. */
function leading(values: readonly number[]): boolean {
  return values.every((value, i) => value !== ALL_ONES || i === 0 || values[i - 1] === ALL_ONES);
}

/** The field's 64-bit numbers; a disk number may follow, of four bytes, and must be the first disk. */
function uint64s(field: Uint8Array, refuse: () => Error): number[] {
  const view = new DataView(field.buffer, field.byteOffset, field.length);
  const count = Math.floor(field.length / 8);
  const rest = field.length % 8;
  if (rest !== 0 && (rest !== 4 || view.getUint32(count * 8, true) !== 0)) throw refuse();
  return Array.from({ length: count }, (_, i) => readUint64(view, i * 8));
}
