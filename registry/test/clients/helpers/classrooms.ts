// Owns the setup shared by tests of real npms: a registry with the seeded courses, and the same test for each npm.
import type { Dist } from '@progy/protocol/wire/packument.ts';
import type { Test } from 'tap';
import { SEED_PASSWORD } from '../../../local/seed.ts';
import { type CourseParts, packCourse, signIn } from '../../harness.ts';
import { openStarted, type StartedRegistry } from '../../helpers/started-registry.ts';
import { findNpms, type Npm } from './npm-programs.ts';
import type { Ended } from './run-program.ts';
import { newStudent, type Student } from './student.ts';

export interface Classrooms {
  registry: StartedRegistry;
  npms: readonly Npm[];
  /** A test for each npm, with a student whose machine is new. */
  eachNpm(fact: string, body: (t: Test, student: Student) => Promise<void>): void;
  /** Publishes a course of diego's as 1.0.0, under a name that no other test uses, and returns the name. */
  publishNew(parts?: CourseParts): Promise<string>;
  /** Publishes one more version of it, under a dist-tag. */
  publishTagged(name: string, version: string, tag: string): Promise<void>;
}

/** Starts a registry with the seed, which stops when the test file ends. */
export async function openClassrooms(t: Test): Promise<Classrooms> {
  const [registry, npms] = await Promise.all([openStarted(t, { seed: true }), findNpms(t)]);
  if (npms.length === 1) t.pass('the npm of this machine', { skip: 'there is none outside node_modules' });
  const diego = String((await signIn(registry.json, 'diego', SEED_PASSWORD)).body.token);
  const publish = async (file: Uint8Array, metadata?: unknown) => {
    const { status, body } = await registry.publish(diego, file, metadata);
    if (status !== 201) throw new Error(`Not published: ${body.error}`);
  };
  let courses = 0;
  return {
    registry,
    npms,
    eachNpm(fact, body) {
      for (const npm of npms) {
        t.test(`${npm.label}: ${fact}`, async (t) => body(t, await newStudent(t, npm, registry.url)));
      }
    },
    async publishNew(parts) {
      const name = `@diego/new-${++courses}`;
      await publish(await packCourse(name, '1.0.0', parts));
      return name;
    },
    publishTagged: async (name, version, tag) => publish(await packCourse(name, version), { tag }),
  };
}

/** Returns a command's output, after asserting success without warnings. */
export function printed(t: Test, { code, stdout, stderr }: Ended): string {
  t.equal(code, 0, stderr);
  t.notMatch(stderr, /npm (warn|error)/i);
  return stdout;
}

/** The artifacts of a version in `npm view`. */
export async function viewDist(t: Test, student: Student, spec: string): Promise<Dist> {
  const shown = printed(t, await student.runNpm(['view', spec, 'dist', '--json']));
  // npm 12 prints an array even for one version.
  return [JSON.parse(shown)].flat()[0];
}
