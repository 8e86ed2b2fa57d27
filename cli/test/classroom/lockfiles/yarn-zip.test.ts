import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import t from 'tap';
import { packageFilesOf } from '../../../classroom/lockfiles/tarball-files.ts';
import { yarnChecksum } from '../../../classroom/lockfiles/yarn-zip.ts';
import { fixtureTarball } from '../../helpers/course-server.ts';

/** What Yarn 4.18.1 wrote into its lockfile. */
const LOCKED = {
  'rust-mastery':
    '4ff560701db4c8b4dc929d2a9d7b8784e32bb1343bbc67d64e89fbb65c9d6d82ea04e112228580771669cf3b1c3900e8047961272027c51c766896470b11c6b3',
  'sql-detective':
    'dc6a40de299766537baa9979dfe316d575e360ab57a121e6ac9c99b4ddcc5c3a5243aa0bb7905988ef544427731ce8a4063689ade309f50aa09c2eb3159c7361',
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
