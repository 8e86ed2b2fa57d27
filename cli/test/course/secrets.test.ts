import t from 'tap';
import { looksSecret } from '../../course/secrets.ts';

t.test('files that hold keys are recognised by name, in any folder and case', async (t) => {
  for (const path of [
    'id_rsa',
    'content/ID_ED25519',
    'certs/server.pem',
    'a/b.key',
    '.netrc',
    'credentials.json',
    'secrets.yml',
    'service-account-1.json',
  ]) {
    t.ok(looksSecret(path), path);
  }
  for (const path of [
    'id_rsa.pub',
    'content/keys.md',
    'monkey.rs',
    'content/01_credentials/README.md',
    'secret_santa.rs',
  ]) {
    t.notOk(looksSecret(path), path);
  }
});
