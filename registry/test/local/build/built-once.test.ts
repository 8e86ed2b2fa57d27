// Building once: only when the sources change; never from sources that no longer exist.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import t, { type Test } from 'tap';
import { builtOnce, type Recipe } from '../../../local/build/built-once.ts';
import { ROOT } from '../../../local/build/wrangler.ts';
import { temporaryFolder } from '../../clients/helpers/folders.ts';

/** A folder of sources with one file, and a recipe that copies that file and counts. */
async function newRecipe(t: Test) {
  const folder = await temporaryFolder(t);
  const source = join(folder, 'source.txt');
  await writeFile(source, 'one');
  let builds = 0;
  const recipe: Recipe = {
    name: 'tried',
    sources: [relative(ROOT, folder)],
    also: folder,
    async build(output) {
      builds++;
      await writeFile(join(output, 'built.txt'), await readFile(source));
    },
  };
  const built = async (of = recipe) => {
    const output = await builtOnce(of);
    t.teardown(() => rm(output, { recursive: true, force: true }));
    return readFile(join(output, 'built.txt'), 'utf8');
  };
  return { folder, source, recipe, built, builds: () => builds };
}

t.test('it is built once, whoever asks at the same time', async (t) => {
  const { built, builds } = await newRecipe(t);
  t.same(await Promise.all([built(), built(), built()]), ['one', 'one', 'one']);
  t.equal(await built(), 'one');
  t.equal(builds(), 1);
});

t.test('whatever changes among the sources makes it anew, and what was is found again', async (t) => {
  const { folder, source, built, builds } = await newRecipe(t);
  await built();
  await writeFile(source, 'two');
  t.equal(await built(), 'two');
  await mkdir(join(folder, 'deep'));
  await writeFile(join(folder, 'deep/new.txt'), '');
  await built();
  t.equal(builds(), 3, 'a new file');
  await rename(join(folder, 'deep/new.txt'), join(folder, 'deep/renamed.txt'));
  await built();
  t.equal(builds(), 4, 'another name');
  await rm(join(folder, 'deep'), { recursive: true });
  await writeFile(source, 'one');
  t.equal(await built(), 'one');
  t.equal(builds(), 4, 'as it was at first');
});

t.test('what npm installed among the sources does not count', async (t) => {
  const { folder, built, builds } = await newRecipe(t);
  await built();
  await mkdir(join(folder, 'node_modules'));
  await writeFile(join(folder, 'node_modules/x.js'), '');
  await built();
  t.equal(builds(), 1);
});

t.test('a file that is saved during a build is in what is answered', async (t) => {
  const { source, recipe, built } = await newRecipe(t);
  const build = async (output: string) => {
    if ((await readFile(source, 'utf8')) === 'one') await writeFile(source, 'two');
    await recipe.build(output);
  };
  t.equal(await built({ ...recipe, build }), 'two');
  await writeFile(source, 'one');
  t.equal(await built(), 'one', 'nor is it taken for what the old sources make');
});

t.test('a build that fails says why, and is tried again', async (t) => {
  const { recipe, built, builds } = await newRecipe(t);
  const build = () => Promise.reject(new Error('No such compiler'));
  await t.rejects(built({ ...recipe, build }), { message: 'No such compiler' });
  t.equal(await built(), 'one');
  t.equal(builds(), 1);
});

t.test('a process that died while building keeps nobody waiting', async (t) => {
  const { recipe, built } = await newRecipe(t);
  const output = await builtOnce(recipe);
  await rm(output, { recursive: true });
  // No process has this id: it is above the highest that Linux gives.
  await writeFile(`${output}.lock`, '4194305');
  await mkdir(join(dirname(output), 'tried-half.1.building'), { recursive: true });
  t.teardown(() => rm(join(dirname(output), 'tried-half.1.building'), { recursive: true, force: true }));
  t.equal(await built(), 'one');
});
