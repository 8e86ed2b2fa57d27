// Places of an invitation: the database counts them, whatever two requests of one person have read before.
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import t from 'tap';
import { openDatabase } from '../../../database/database.ts';
import { insertInvitation, isTaken, takePlace } from '../../../database/people/invitations.ts';
import { openRegistry, packCourse } from '../../harness.ts';

const registry = await openRegistry(t);
const db = openDatabase(registry.env.DB);
const token = await registry.signUp('diego');
for (const username of ['marta', 'ana', 'rui']) await registry.signUp(username);
await registry.publish(token, await packCourse('@diego/rust'));

const name = parsePackageName('@diego/rust');
const at = new Date();
const entry = { actor: null, action: 'access grant', subject: name.full, at } as const;
const idOf = async (username: string) =>
  String(await registry.env.DB.prepare('SELECT id FROM user WHERE username = ?').bind(username).first('id'));
const used = () => registry.env.DB.prepare('SELECT used FROM course_invitation_links').first('used');
const readers = () => registry.env.DB.prepare('SELECT count(*) AS n FROM registry_collaborators').first('n');

t.test('one person takes one place, however often, and the last place is the last', async (t) => {
  const expiresAt = new Date(at.getTime() + 3_600_000);
  const link = { id: 'link', name, secretHash: 'hash', createdBy: await idOf('diego'), seats: 2, expiresAt };
  await insertInvitation(db, link, entry);
  const take = async (username: string) => takePlace(db, link, await idOf(username), entry);
  for (let time = 0; time < 3; time++) await take('marta');
  t.same([await used(), await readers()], [1, 1]);
  await take('ana');
  const error = await take('rui').catch((reason: unknown) => reason);
  t.ok(isTaken(error));
  await t.resolves(take('ana'), 'who is in loses nothing when all places are taken');
  t.same([await used(), await readers()], [2, 2]);
});
