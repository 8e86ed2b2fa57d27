// Real npms that look at courses: the npm of this machine and npm 12, in a folder with .npmrc.example.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { openClassrooms, printed, viewDist } from './helpers/classrooms.ts';
import { readFiles } from './helpers/folders.ts';

const { registry, eachNpm, publishNew, publishTagged } = await openClassrooms(t);

function hashOf(algorithm: string, bytes: Uint8Array, encoding: 'hex' | 'base64' = 'hex'): string {
  return createHash(algorithm).update(bytes).digest(encoding);
}

function integrityOf(bytes: Uint8Array): string {
  return `sha512-${hashOf('sha512', bytes, 'base64')}`;
}

eachNpm('view shows a course to a person', async (t, student) => {
  const shown = printed(t, await student.runNpm(['view', '@diego/rust-mastery']));
  t.match(shown, /@diego\/rust-mastery@1\.0\.0 \| MIT \| deps: none \| versions: 1/);
  t.match(shown, /Ownership, enums and traits in eight short exercises/);
  t.match(shown, /^latest: 1\.0\.0$/m);
  t.match(shown, /^published .* by diego/m);
});

eachNpm('view prints the dist of a version, and it is true of both artifacts', async (t, student) => {
  const dist = await viewDist(t, student, '@diego/rust-mastery@1.0.0');
  const get = async (url: string) => new Uint8Array(await (await fetch(url)).arrayBuffer());
  const [tarball, progy] = [await get(dist.tarball), await get(dist.progy.url)];
  t.equal(dist.tarball, `${registry.url}/@diego/rust-mastery/-/rust-mastery-1.0.0.tgz`);
  t.match(dist, { integrity: integrityOf(tarball), shasum: hashOf('sha1', tarball) });
  t.match(dist.progy, { integrity: integrityOf(progy), sha256: hashOf('sha256', progy), size: progy.length });
  t.match(dist.progy.tree, /^[0-9a-f]{64}$/);
});

eachNpm('pack saves the tarball that the integrity names', async (t, student) => {
  const file = printed(t, await student.runNpm(['pack', '@marta/sql-detective'])).trim();
  t.equal(file, 'marta-sql-detective-1.2.0.tgz');
  const { integrity } = await viewDist(t, student, '@marta/sql-detective');
  t.equal(integrityOf(await readFile(join(student.classroom, file))), integrity);
});

eachNpm('dist-tag ls lists the tags', async (t, student) => {
  const name = await publishNew();
  await publishTagged(name, '2.0.0-beta.1', 'beta');
  const shown = printed(t, await student.runNpm(['dist-tag', 'ls', name]));
  t.strictSame(shown.trim().split('\n').sort(), ['beta: 2.0.0-beta.1', 'latest: 1.0.0']);
});

eachNpm('ping is answered', async (t, student) => {
  const ended = await student.runNpm(['ping', '--registry', registry.url]);
  printed(t, ended);
  t.match(ended.stderr, /^npm notice PONG/m);
});

const NO_COURSE = { code: 'E404', says: 'Package not found: @diego/nothing' };
const REFUSALS = [
  { args: ['install', '@diego/nothing'], ...NO_COURSE },
  { args: ['view', '@diego/nothing'], ...NO_COURSE },
  { args: ['pack', '@diego/nothing'], ...NO_COURSE },
  { args: ['dist-tag', 'ls', '@diego/nothing'], ...NO_COURSE },
  {
    args: ['install', '@diego/rust-mastery@9.9.9'],
    code: 'ETARGET',
    says: 'No matching version found for @diego/rust-mastery@9.9.9',
  },
  {
    args: ['install', '@diego/rust-mastery@beta'],
    code: 'ETARGET',
    says: 'No matching version found for @diego/rust-mastery@beta',
  },
  { args: ['view', '@diego/rust-mastery@9'], code: 'E404', says: 'No match found for version 9' },
];
eachNpm('what is not there is refused in words that name it, and leaves nothing behind', async (t, student) => {
  for (const { args, code, says } of REFUSALS) {
    const ended = await student.runNpm(args);
    t.equal(ended.code, 1, args.join(' '));
    t.match(ended.stderr, `npm error code ${code}\n`);
    t.match(ended.stderr, says);
  }
  const left = await readFiles(student.classroom);
  t.strictSame(
    left.map(({ path }) => path),
    ['.npmrc', 'package.json'],
  );
});
