// The table of rights: who may do what with a course of an organization, in both dialects, over HTTP.
import { type PackageName, parsePackageName } from '@progy/protocol/course/package-name.ts';
import { downloadPath, packumentPath, resolvePath, tarballPath, yankPath } from '@progy/protocol/wire/urls.ts';
import t, { type Test } from 'tap';
import { type Answer, openRegistry, packCourse } from '../../harness.ts';
import { courseFolder, publishFolder } from '../../helpers/npm-publish.ts';
import { askerOf, createOrganization, makeAdmin, signUpAll, succeed, tokenWith } from '../../helpers/people.ts';

/** Read like this: `ok`, or the status, which stands for one code each. */
const CODES: Record<string, string> = {
  '401': 'UNAUTHORIZED',
  '403': 'FORBIDDEN',
  '404': 'PACKAGE_NOT_FOUND',
};

const OF_A_PRIVATE_COURSE = `
                             read   publish   tag   deprecate   yank   unpublish   owner add   set access   grant   read log
  anonymous                  404    401       401   401         401    401         401         401          401     401
  stranger                   404    403       404   404         404    404         404         404          404     404
  reader                     ok     403       403   403         403    403         403         403          403     403
  maintainer                 ok     ok        ok    ok          ok     ok          403         403          403     ok
  organization reader        ok     403       403   403         403    403         403         403          403     403
  organization publisher     ok     ok        ok    ok          ok     ok          403         403          403     ok
  organization owner         ok     ok        ok    ok          ok     ok          ok          ok           ok      ok
  admin                      404    403       404   404         404    404         404         404          404     404
  owner, read-only token     ok     403       403   403         403    403         403         403          403     ok
  owner, token elsewhere     404    403       404   404         404    404         404         404          404     404
  owner, token from afar     403    403       403   403         403    403         403         403          403     403
  owner, expired token       401    401       401   401         401    401         401         401          401     401
  owner, revoked token       401    401       401   401         401    401         401         401          401     401
  owner, banned              401    401       401   401         401    401         401         401          401     401`;

const OF_A_PUBLIC_COURSE = `
                             read   publish   tag   deprecate   yank   unpublish   owner add   set access   grant   read log
  anonymous                  ok     401       401   401         401    401         401         401          401     401
  stranger                   ok     403       403   403         403    403         403         403          403     403
  reader                     ok     403       403   403         403    403         403         403          403     403
  maintainer                 ok     ok        ok    ok          ok     ok          403         403          403     ok
  organization reader        ok     403       403   403         403    403         403         403          403     403
  organization publisher     ok     ok        ok    ok          ok     ok          403         403          403     ok
  organization owner         ok     ok        ok    ok          ok     ok          ok          ok           ok      ok
  admin                      ok     403       403   403         403    403         403         403          403     403
  owner, read-only token     ok     403       403   403         403    403         403         403          403     ok
  owner, token elsewhere     ok     403       403   403         403    403         403         403          403     403
  owner, token from afar     ok     403       403   403         403    403         403         403          403     403
  owner, expired token       ok     401       401   401         401    401         401         401          401     401
  owner, revoked token       ok     401       401   401         401    401         401         401          401     401
  owner, banned              ok     401       401   401         401    401         401         401          401     401`;

const registry = await openRegistry(t);
const ask = askerOf(registry);
const { diego, marta, rui, ana, sofia, pedro, boss, lapsed } = await signUpAll(
  registry,
  'diego',
  'marta',
  'rui',
  'ana',
  'sofia',
  'pedro',
  'boss',
  'lapsed',
);
await createOrganization(ask, diego, 'school', { sofia: 'reader', pedro: 'publisher', lapsed: 'owner' });
await makeAdmin(registry, 'boss');
await registry.env.DB.prepare("UPDATE user SET banned = 1 WHERE username = 'lapsed'").run();
const revoked = await registry.signUp('diego');
await succeed(ask(revoked, 'DELETE', `/-/user/token/${revoked}`));

/** Tokens by the rows of the tables. marta maintains each course, rui may read it. */
const TOKENS: Record<string, string | undefined> = {
  anonymous: undefined,
  stranger: ana,
  reader: rui,
  maintainer: marta,
  'organization reader': sofia,
  'organization publisher': pedro,
  'organization owner': diego,
  admin: boss,
  'owner, read-only token': await tokenWith(registry, 'diego', 'readonly = 1'),
  'owner, token elsewhere': await tokenWith(registry, 'diego', "courses = json_array('@school/other')"),
  'owner, token from afar': await tokenWith(registry, 'diego', "cidrs = json_array('192.0.2.0/24')"),
  'owner, expired token': await tokenWith(registry, 'diego', 'expires_at = unixepoch() - 1'),
  'owner, revoked token': revoked,
  'owner, banned': lapsed,
};

interface Course {
  name: PackageName;
  isPrivate: boolean;
}

type Act = (token: string | undefined, course: Course) => Promise<Answer[]>;

/** The actions in the columns of the tables: every way to do each, with one outcome. */
const ACTS: Record<string, Act> = {
  read: async (token, { name }) => {
    const paths = [packumentPath(name), `${packumentPath(name)}/1.0.0`, tarballPath(name, '1.0.0')];
    const others = [
      downloadPath(name, '1.0.0'),
      resolvePath(name),
      ...['dist-tags', 'visibility'].map((what) => packageRoute(name, what)),
    ];
    return all([...paths, ...others].map((path) => () => ask(token, 'GET', path)));
  },
  publish: async (token, { name, isPrivate }) => {
    const fields = { private: isPrivate };
    const file = await packCourse(name.full, '2.0.0', { course: fields });
    return all([
      () => registry.publish(token ?? '', file),
      () => publishFolder(registry, token ?? '', courseFolder(name.full, '2.1.0', {}, fields)),
    ]);
  },
  tag: async (token, { name }) =>
    all([
      () => ask(token, 'PUT', `${packageRoute(name, 'dist-tags')}/fall`, '1.0.0'),
      () => ask(token, 'DELETE', `${packageRoute(name, 'dist-tags')}/spring`),
    ]),
  deprecate: async (token, { name }) => {
    const packument = await read(name);
    const versions = { ...packument.versions, '1.0.0': { ...packument.versions['1.0.0'], deprecated: 'old' } };
    return [await ask(token, 'PUT', packumentPath(name), { ...packument, versions })];
  },
  yank: async (token, { name }) =>
    all([
      () => ask(token, 'POST', yankPath(name, '1.1.0'), { reason: 'wrong' }),
      () => ask(token, 'DELETE', yankPath(name, '1.1.0')),
    ]),
  unpublish: async (token, { name }) => {
    const rev = async () => (await read(name))._rev;
    const { '1.1.0': _, ...versions } = (await read(name)).versions;
    return all([
      async () => ask(token, 'PUT', `${packumentPath(name)}/-rev/${await rev()}`, { ...(await read(name)), versions }),
      async () => ask(token, 'DELETE', `${tarballPath(name, '1.1.0')}/-rev/${await rev()}`),
      async () => ask(token, 'DELETE', `${packumentPath(name)}/-rev/${await rev()}`),
    ]);
  },
  'owner add': async (token, { name }) => {
    const { _id, _rev, maintainers } = await read(name);
    const wanted = [...maintainers, { name: 'boss', email: '' }];
    return all([
      () => ask(token, 'PUT', `${packumentPath(name)}/-rev/${_rev}`, { _id, _rev, maintainers: wanted }),
      () => ask(token, 'PUT', packageRoute(name, 'owners'), { user: 'ana' }),
      () => ask(token, 'DELETE', `${packageRoute(name, 'owners')}/ana`),
    ]);
  },
  'set access': async (token, { name, isPrivate }) => {
    const access = isPrivate ? ['restricted'] : ['restricted', 'public'];
    return all(access.map((value) => () => ask(token, 'POST', packageRoute(name, 'access'), { access: value })));
  },
  grant: async (token, { name }) => {
    const path = `/registry/access/${name.full}/ana`;
    return all([() => ask(token, 'PUT', path, { permission: 'read' }), () => ask(token, 'DELETE', path)]);
  },
  'read log': async (token, { name }) =>
    all([
      () => ask(token, 'GET', `/registry/audit-log/${name.full}`),
      () => ask(token, 'GET', packageRoute(name, 'collaborators')),
    ]),
};

/** One after the other: each changes what the next one meets. */
async function all(asks: (() => Promise<Answer>)[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const one of asks) answers.push(await one());
  return answers;
}

const packageRoute = ({ scope, slug }: PackageName, what: string) => `/-/package/@${scope}%2f${slug}/${what}`;

/** The packument as its owner reads it: those who may not read it send the same. */
async function read(name: PackageName) {
  return (await succeed(ask(diego, 'GET', `${packumentPath(name)}?write=true`))).body as {
    _id: string;
    _rev: string;
    versions: Record<string, object>;
    maintainers: object[];
  };
}

let courses = 0;
/** A course with two versions, its own maintainer and its own reader. */
async function newCourse(isPrivate: boolean): Promise<Course> {
  const name = parsePackageName(`@school/course-${++courses}`);
  for (const version of ['1.0.0', '1.1.0'])
    await succeed(registry.publish(diego, await packCourse(name.full, version, { course: { private: isPrivate } })));
  await succeed(ask(diego, 'PUT', `${packageRoute(name, 'dist-tags')}/spring`, '1.0.0'));
  await succeed(ask(diego, 'PUT', packageRoute(name, 'owners'), { user: 'marta' }));
  await succeed(ask(diego, 'PUT', `/registry/access/${name.full}/rui`, { permission: 'read' }));
  return { name, isPrivate };
}

/** Everything that the registry keeps of a course. */
async function kept({ name }: Course): Promise<unknown> {
  const [{ results: rows }, { objects }] = await Promise.all([
    registry.env.DB.prepare('SELECT rev, is_public, latest_version FROM registry_packages WHERE name = ?')
      .bind(name.full)
      .all(),
    registry.env.R2.list({ prefix: `packages/${name.full}/` }),
  ]);
  const log = await registry.env.DB.prepare('SELECT count(*) FROM registry_audit_log WHERE subject = ?')
    .bind(name.full)
    .raw();
  return { rows, log, objects: objects.map(({ key }) => key) };
}

function parseTable(text: string): { who: string; cells: [act: string, outcome: string][] }[] {
  const [header = '', ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  const columns = (line: string) => line.trim().split(/ {2,}/);
  return lines.map((line) => {
    const [who = '', ...outcomes] = columns(line);
    return { who, cells: columns(header).map((act, column) => [act, outcomes[column] ?? '']) };
  });
}

function isOutcome(t: Test, outcome: string, { status, body }: Answer): void {
  if (outcome === 'ok') t.ok(status < 300, `${status} ${body.code ?? ''}`);
  else t.match({ status: String(status), code: body.code }, { status: outcome, code: CODES[outcome] });
}

for (const [isPrivate, text] of [
  [true, OF_A_PRIVATE_COURSE],
  [false, OF_A_PUBLIC_COURSE],
] as const) {
  // Reads and refused requests change nothing, so one course is enough for all of them.
  const untouched = await newCourse(isPrivate);
  const changes = (act: string, outcome: string) => outcome === 'ok' && !act.startsWith('read');
  for (const { who, cells } of parseTable(text)) {
    t.test(`a ${isPrivate ? 'private' : 'public'} course: ${who}`, async (t) => {
      const before = await kept(untouched);
      for (const [act, outcome] of cells) {
        await t.test(`${act}: ${outcome} ${CODES[outcome] ?? ''}`, async (t) => {
          const course = changes(act, outcome) ? await newCourse(isPrivate) : untouched;
          const answers = (await ACTS[act]?.(TOKENS[who], course)) ?? [];
          for (const answer of answers) isOutcome(t, outcome, answer);
        });
      }
      t.same(await kept(untouched), before, 'what is refused changes nothing, and leaves nothing behind');
    });
  }
}

t.test('both tables have a row for everybody and a column for every act, each once', async (t) => {
  for (const rows of [OF_A_PRIVATE_COURSE, OF_A_PUBLIC_COURSE].map(parseTable)) {
    t.same(
      rows.map(({ who }) => who),
      Object.keys(TOKENS),
    );
    for (const { cells } of rows)
      t.same(
        cells.map(([act]) => act),
        Object.keys(ACTS),
      );
  }
});
