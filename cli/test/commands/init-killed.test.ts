// `progy init` killed at any step: no course, and the next one begins as if nothing had been.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KEYS_PATH, packumentPath, tarballPath } from '@progy/protocol/wire/urls.ts';
import t, { type Test } from 'tap';
import { run } from '../../commands/init.ts';
import { testContext } from '../helpers/context.ts';
import { fixtureTarball, serving } from '../helpers/course-server.ts';
import { serveFaults } from '../helpers/fault-server.ts';

const BIN = fileURLToPath(new URL('../../bin.ts', import.meta.url));
const SPEC = '@diego/rust-mastery';
const tarball = await fixtureTarball('rust-mastery');
const serve = serving(tarball);

/** Starts a course in a process of its own, which somebody kills, and then again here. */
async function killedAndAgain(
  t: Test,
  listener: (child: () => ChildProcess) => RequestListener,
  git?: string,
): Promise<void> {
  let child: ChildProcess | undefined;
  const server = await serveFaults(listener(() => child as ChildProcess));
  t.teardown(server.close);
  const context = await testContext(t.testdir({}), { env: { PROGY_REGISTRY: server.url } });
  const path = git === undefined ? context.env.PATH : `${await killingGit(context.home, git)}:${context.env.PATH}`;
  const env = { ...context.env, PATH: path };
  child = spawn(process.execPath, [BIN, 'init', SPEC, 'course'], { cwd: context.cwd, env, stdio: 'ignore' });
  const [, signal] = await once(child, 'exit');
  t.equal(signal, 'SIGKILL');
  const left = await readdir(context.cwd);
  t.same(
    left.filter((name) => !name.startsWith('.progy-tmp-')),
    [],
    'no course',
  );
  await run({ spec: SPEC, dir: 'course', git: true }, context);
  t.same(await readdir(context.cwd), ['course'], 'and nothing that the killed one left');
  const options = { cwd: join(context.cwd, 'course'), encoding: 'utf8' } as const;
  t.equal(execFileSync('git', ['status', '--porcelain'], options), '');
}

/** A git that kills whoever calls it with a word, once it has done half of its work. */
async function killingGit(home: string, word: string): Promise<string> {
  const bin = join(home, 'bin');
  await mkdir(bin);
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const script = `#!/bin/sh\ncase " $* " in *' ${word} '*) kill -9 $PPID;; esac\nexec '${real}' "$@"\n`;
  await writeFile(join(bin, 'git'), script);
  await chmod(join(bin, 'git'), 0o755);
  return bin;
}

const { name } = tarball.course;
for (const [what, url] of Object.entries({
  packument: packumentPath(name),
  keys: KEYS_PATH,
  tarball: tarballPath(name, '1.0.0'),
})) {
  t.test(`killed while it waits for the ${what}`, async (t) => {
    let isKilled = false;
    await killedAndAgain(t, (child) => (request, response) => {
      if (request.url !== url || isKilled) return serve(request, response);
      isKilled = true;
      if (what === 'tarball')
        response.write(tarball.bytes.subarray(0, tarball.bytes.length >> 1), () => child().kill('SIGKILL'));
      else child().kill('SIGKILL');
    });
  });
}

for (const word of ['init', 'fast-import', 'read-tree', '--refresh']) {
  t.test(`killed when it calls git ${word}`, async (t) => {
    await killedAndAgain(t, () => serve, word);
  });
}
