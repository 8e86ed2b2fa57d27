// Owns the rows in which an author changes what is said of versions that are published.
import { noSuchCommand, ok, WORKS } from '../helpers/cell.ts';
import { authorAt } from '../helpers/desk.ts';
import type { Row } from '../helpers/rows.ts';

export const distTag: Row = {
  title: 'dist-tag',
  async run(t, desk) {
    const { dialect, registry } = desk;
    const name = await desk.publishNew(['1.0.0', '2.0.0']);
    const author = await authorAt(t, desk, desk.diego);
    const tags = async () => (await registry.json(`/-/package/${name}/dist-tags`)).body;
    const ended = await author.use(dialect.tagAdd(`${name}@1.0.0`, 'fall-2026'));
    const missing = noSuchCommand(ended);
    if (missing !== undefined) return missing;
    ok(t, ended, 'it adds a tag');
    t.strictSame(await tags(), { latest: '2.0.0', 'fall-2026': '1.0.0' });
    const listed = ok(t, await author.use(dialect.tagList(name)), 'it lists the tags');
    t.match(listed, /fall-2026.*1\.0\.0/);
    ok(t, await author.use(dialect.tagRemove(name, 'fall-2026')), 'it removes the tag');
    t.strictSame(await tags(), { latest: '2.0.0' });
    return WORKS;
  },
};

export const deprecate: Row = {
  title: 'deprecate',
  async run(t, desk) {
    const name = await desk.publishNew(['1.0.0']);
    const author = await authorAt(t, desk, desk.diego);
    const ended = await author.use(desk.dialect.deprecate(`${name}@1.0.0`, 'Lesson 3 is wrong'));
    const missing = noSuchCommand(ended);
    if (missing !== undefined) return missing;
    ok(t, ended, 'it deprecates');
    t.equal((await desk.registry.json(`/${name}/1.0.0`)).body.deprecated, 'Lesson 3 is wrong');
    ok(t, await author.use(desk.dialect.undeprecate(`${name}@1.0.0`)), 'it takes that back');
    t.equal((await desk.registry.json(`/${name}/1.0.0`)).body.deprecated, undefined);
    return WORKS;
  },
};
