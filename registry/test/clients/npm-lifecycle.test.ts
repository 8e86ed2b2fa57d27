// Real npms that change published versions: deprecate, dist-tag, unpublish; and how they treat a yank.

import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse, request as sendOn } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { yankPath } from '@progy/protocol/wire/urls.ts';
import t, { type Test } from 'tap';
import { SEED_PASSWORD } from '../../local/seed.ts';
import { bearer, packCourse, signIn } from '../harness.ts';
import { ageVersions } from '../helpers/local-state.ts';
import { openClassrooms, printed } from './helpers/classrooms.ts';
import { newStudent, type Student } from './helpers/student.ts';

const { registry, npms, eachNpm, publishNew, publishTagged } = await openClassrooms(t);
const diego = String((await signIn(registry.json, 'diego', SEED_PASSWORD)).body.token);

/** A course with these versions and nothing but `latest`, and a student who is its instructor. */
async function courseOf(student: Student, ...more: string[]): Promise<string> {
  const name = await publishNew();
  for (const version of more) await publishTagged(name, version, 'latest');
  await student.useToken(diego);
  return name;
}

async function versionsOf(name: string): Promise<string[]> {
  return Object.keys(Object((await registry.json(`/${name}`)).body.versions));
}

async function yank(name: string, version: string, reason: string): Promise<void> {
  const headers = { ...bearer(diego), 'Content-Type': 'application/json' };
  const path = yankPath(parsePackageName(name), version);
  const { status, body } = await registry.json(path, { method: 'POST', headers, body: JSON.stringify({ reason }) });
  if (status !== 200) throw new Error(`Not yanked: ${body.error}`);
}

/** Installs, and returns the installed version with npm's output. */
async function install(t: Test, student: Student, spec: string): Promise<{ version: string; said: string }> {
  const { code, stderr } = await student.runNpm(['install', spec]);
  t.equal(code, 0, stderr);
  const [name] = spec.slice(1).split('@');
  const listed = await student.runNpm(['ls', `@${name}`, '--json']);
  return { version: JSON.parse(listed.stdout).dependencies[`@${name}`].version, said: stderr };
}

eachNpm('deprecate warns who installs and shows in view; an empty message takes it back', async (t, student) => {
  const name = await courseOf(student, '1.1.0');
  printed(t, await student.runNpm(['deprecate', `${name}@<1.1`, 'Exercise 3 is wrong']));
  t.match(printed(t, await student.runNpm(['view', `${name}@1.0.0`])), /DEPRECATED.* - Exercise 3 is wrong/);
  t.match(await install(t, student, `${name}@1.0.0`), {
    version: '1.0.0',
    said: `npm warn deprecated ${name}@1.0.0: Exercise 3 is wrong`,
  });
  t.match(await install(t, student, `${name}@^1`), { version: '1.1.0' });

  printed(t, await student.runNpm(['deprecate', name, '']));
  t.notMatch(printed(t, await student.runNpm(['view', `${name}@1.0.0`])), /DEPRECATED/);
  t.notMatch((await install(t, student, `${name}@1.0.0`)).said, /deprecated/);
});

eachNpm(
  'deprecate of a course that somebody else changes meanwhile is E409, and says to run it again',
  async (t, student) => {
    const name = await courseOf(student);
    const interfering = await openInterference(t, () => publishTagged(name, '1.1.0', 'latest'));
    const args = ['deprecate', `${name}@1.0.0`, 'old', `--@diego:registry=${interfering}`];
    const token = `--${interfering.replace('http:', '')}/:_authToken=${diego}`;
    const refused = await student.runNpm([...args, token]);
    t.match(refused, {
      code: 1,
      stderr: /npm error code E409\n.*Somebody changed @diego\/\S+ in the meantime.*Run the command again/,
    });
    t.match((await registry.json(`/${name}/1.0.0`)).body, { deprecated: undefined });
    printed(t, await student.runNpm([...args, token]));
    t.match((await registry.json(`/${name}/1.0.0`)).body, { deprecated: 'old' });
  },
);

/** Stands between a client and the registry, and changes the course just before the first PUT arrives there. */
async function openInterference(t: Test, change: () => Promise<void>): Promise<string> {
  let changed = false;
  const forward = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'PUT' && !changed) {
      changed = true;
      await change();
    }
    const { method, headers, url = '' } = request;
    const onward = sendOn(new URL(url, registry.url), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  };
  const server = createServer((request, response) => void forward(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

eachNpm('dist-tag add and rm move a tag; latest moves, and stays', async (t, student) => {
  const name = await courseOf(student, '1.1.0');
  t.match(printed(t, await student.runNpm(['dist-tag', 'add', `${name}@1.0.0`, 'fall'])), `+fall: ${name}@1.0.0`);
  t.equal((await install(t, student, `${name}@fall`)).version, '1.0.0');
  printed(t, await student.runNpm(['dist-tag', 'add', `${name}@1.0.0`, 'latest']));
  printed(t, await student.runNpm(['dist-tag', 'rm', name, 'fall']));
  t.equal(printed(t, await student.runNpm(['dist-tag', 'ls', name])), 'latest: 1.0.0\n');
  const refused = await student.runNpm(['dist-tag', 'rm', name, 'latest']);
  t.match(refused, { code: 1, stderr: /npm error code E400\n.*The tag latest cannot be removed; move it instead/ });
});

eachNpm(
  'unpublish of one version: gone for everybody, its number used, and again it is no error',
  async (t, student) => {
    const name = await courseOf(student, '1.1.0');
    t.equal(printed(t, await student.runNpm(['unpublish', `${name}@1.1.0`])), `- ${name}@1.1.0\n`);
    t.same(await versionsOf(name), ['1.0.0']);
    t.match(await student.runNpm(['view', `${name}@1.1.0`]), { code: 1, stderr: /npm error code E404/ });
    t.match(await student.runNpm(['install', `${name}@1.1.0`]), { code: 1, stderr: /npm error code ETARGET/ });
    t.equal((await install(t, student, name)).version, '1.0.0');
    const again = await registry.publish(diego, await packCourse(name, '1.1.0'));
    t.match(again, { status: 409, body: { error: /1\.1\.0 was unpublished/ } });
    t.equal((await student.runNpm(['unpublish', `${name}@1.1.0`])).code, 0);
  },
);

eachNpm('unpublish of a whole course: E404 that says so, until another version is published', async (t, student) => {
  const name = await courseOf(student, '1.1.0');
  t.equal((await student.runNpm(['unpublish', name, '--force'])).stdout, `- ${name}\n`);
  const gone = { code: 1, stderr: new RegExp(`npm error code E404\\n[^]*${name} was unpublished`) };
  t.match(await student.runNpm(['view', name]), gone);
  t.match(await student.runNpm(['install', name]), gone);
  await publishTagged(name, '1.1.1', 'latest');
  t.equal((await install(t, student, name)).version, '1.1.1');
});

eachNpm(
  'unpublish after 72 hours is E403 that recommends deprecate and yank, and takes nothing',
  async (t, student) => {
    const name = await courseOf(student, '1.1.0');
    ageVersions(registry.state, name, 73);
    for (const args of [[`${name}@1.1.0`], [name, '--force']]) {
      const { code, stderr } = await student.runNpm(['unpublish', ...args]);
      t.equal(code, 1);
      t.match(stderr, /npm error code E403\n.*more than 72 hours ago/);
      t.match(stderr, `npm deprecate ${name}@`);
      t.match(stderr, /progy yank @diego\/new-\d+@1\.\d\.0/);
    }
    t.same(await versionsOf(name), ['1.0.0', '1.1.0']);
  },
);

eachNpm(
  'a yanked version: ranges pass over it, its number gets it with a warning, npm ci with a notice',
  async (t, student) => {
    const name = await courseOf(student, '1.1.0', '2.0.0');
    const reason = 'Exercise 3 deletes files';
    t.equal((await install(t, student, `${name}@^1`)).version, '1.1.0');
    await yank(name, '1.1.0', reason);

    await rm(join(student.classroom, 'node_modules'), { recursive: true });
    await rm(join(student.folder, 'home', '.npm'), { recursive: true });
    const locked = await student.runNpm(['ci']);
    t.equal(locked.code, 0);
    t.match(locked.stderr, `npm notice ${name}@1.1.0 is yanked: ${reason}`);

    t.match(await install(t, student, `${name}@1.1.0`), { version: '1.1.0' });
    await rm(join(student.classroom, 'package-lock.json'));
    await rm(join(student.classroom, 'node_modules'), { recursive: true });
    t.match(await install(t, student, `${name}@1.1.0`), {
      version: '1.1.0',
      said: `npm warn deprecated ${name}@1.1.0: yanked: ${reason}`,
    });
    await rm(join(student.classroom, 'package-lock.json'));
    await rm(join(student.classroom, 'node_modules'), { recursive: true });
    t.equal((await install(t, student, `${name}@^1`)).version, '1.0.0');
  },
);

// npm 12 has no star any more.
for (const npm of npms.filter(({ label }) => !/ 1[2-9]\./.test(label))) {
  t.test(`${npm.label}: star and unstar are refused in words`, async (t) => {
    const student = await newStudent(t, npm, registry.url);
    const name = await courseOf(student);
    for (const command of ['star', 'unstar']) {
      const refused = await student.runNpm([command, name, '--registry', registry.url]);
      t.match(refused, { code: 1, stderr: /npm error code E405\n.*This registry has no stars, so npm star/ }, command);
    }
  });
}
