import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import t from 'tap';
import { packageFilesOf } from '../../../classroom/lockfiles/tarball-files.ts';
import { yarnChecksum } from '../../../classroom/lockfiles/yarn-zip.ts';
import { fixtureTarball } from '../../helpers/course-server.ts';

/** What Yarn 4.18.1 wrote into its lockfile. */
const LOCKED = {
  'rust-mastery':
    '47a477f76853f852bae7ea0a0847864297a66c9150ca86b7f3337d7432b66e93f8e2ea81b8437a7ff062755a02e44454a08c71b9714579a1a10dec9102cbbd3d',
  'sql-detective':
    '0e01b9f8afe1eca607743f01400d4b0c93a9a5e42207ad3f903597c71bee2a21a6e7dadfa4f7ac17271c7da40ae980c2706c2049a9c5d9f9ecc5a67cb3c417e3',
};

for (const [slug, checksum] of Object.entries(LOCKED)) {
  t.test(`${slug}: the tarball has the checksum that Yarn locks`, async (t) => {
    const { course, bytes } = await fixtureTarball(slug);
    const pieces = async function* () {
      for (let start = 0; start < bytes.length; start += 1_000) yield bytes.subarray(start, start + 1_000);
    };
    t.equal(await yarnChecksum(course.name.full, packageFilesOf(pieces(), nodePlatform)), checksum);
  });
}
