// Owns letting many people read a private course, in as many requests as that takes.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { type Grants, type GrantsRequest, grantsSchema } from '@progy/protocol/wire/accounts/people.ts';
import { MAX_PEOPLE } from '@progy/protocol/wire/bounds.ts';
import { grantsPath } from '@progy/protocol/wire/urls.ts';
import type { RegistryClient } from '../../registry/client.ts';

/** Everybody is in one of the lists, as they were written. */
export type LetRead = Omit<Grants, 'name'>;

/** @param people usernames and email addresses. @throws what the client throws; then those before may read it already. */
export async function letRead(client: RegistryClient, name: PackageName, people: readonly string[]): Promise<LetRead> {
  const all: LetRead = { granted: [], already: [], unknown: [] };
  for (let start = 0; start < people.length; start += MAX_PEOPLE) {
    const body: GrantsRequest = { permission: 'read', people: people.slice(start, start + MAX_PEOPLE) };
    const { granted, already, unknown } = await client.change('POST', grantsPath(name), grantsSchema, body);
    all.granted.push(...granted);
    all.already.push(...already);
    all.unknown.push(...unknown);
  }
  return all;
}
