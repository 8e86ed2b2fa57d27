// Real npms that verify the registry's signatures with `npm audit signatures`. It begins with Sigstore, over the internet;
// without it npm gives up, so that part is stood in for.
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { setSignature } from '../helpers/local-state.ts';
import { openClassrooms, printed, viewDist } from './helpers/classrooms.ts';
import type { Student } from './helpers/student.ts';

const WITHOUT_SIGSTORE = fileURLToPath(new URL('helpers/without-sigstore.cjs', import.meta.url));
const { registry, eachNpm, publishNew } = await openClassrooms(t);

function auditSignatures({ env, runNpm }: Student) {
  env.NODE_OPTIONS = `--require ${WITHOUT_SIGSTORE}`;
  return runNpm(['audit', 'signatures']);
}

eachNpm('audit signatures verifies every installed course with the keys of the registry', async (t, student) => {
  printed(t, await student.runNpm(['install', '@diego/rust-mastery', '@marta/sql-detective']));
  const { code, stdout, stderr } = await auditSignatures(student);
  t.equal(code, 0, stderr);
  t.match(stdout, /^audited 2 packages in .*\n\n2 packages have verified registry signatures\n/);
});

eachNpm('audit signatures names the course whose signature was changed, or is gone', async (t, student) => {
  const [swapped, gone] = [await publishNew(), await publishNew()];
  printed(t, await student.runNpm(['install', '@diego/rust-mastery', swapped, gone]));
  const { signatures } = await viewDist(t, student, '@diego/rust-mastery');
  setSignature(registry.state, swapped, signatures?.[0]);
  setSignature(registry.state, gone, undefined);
  const { code, stdout } = await auditSignatures(student);
  t.equal(code, 1);
  t.match(stdout, /1 package has a verified registry signature\n/);
  t.match(stdout, new RegExp(`1 package has an invalid registry signature:\n\n${swapped}@1\\.0\\.0 `));
  t.match(stdout, new RegExp(`1 package has a missing registry signature .*:\n\n${gone}@1\\.0\\.0 `));
});
