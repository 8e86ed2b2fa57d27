// What a student reads of git's complaints about a push.
import t from 'tap';
import { reasonOf } from '../../portfolio/push.ts';

const GENERAL =
  'fatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.';

t.test('the line that says most is told', async (t) => {
  const table: [complaint: string, reason: string][] = [
    [`git@git.test: Permission denied (publickey).\n${GENERAL}`, 'git@git.test: Permission denied (publickey).'],
    [`Host key verification failed.\n${GENERAL}`, 'Host key verification failed.'],
    [`fatal: '/x' does not appear to be a git repository\n${GENERAL}`, "'/x' does not appear to be a git repository"],
    [
      "fatal: unable to access 'http://h/': The requested URL returned error: 500",
      "unable to access 'http://h/': The requested URL returned error: 500",
    ],
    [
      "To http://h/\n ! [rejected]        main -> main (fetch first)\nerror: failed to push some refs to 'http://h/'",
      'it has commits that are not here',
    ],
    [
      'To h\n ! [remote rejected] main -> main (pre-receive hook declined)\nerror: failed',
      '! [remote rejected] main -> main (pre-receive hook declined)',
    ],
    [GENERAL, 'fatal: Could not read from remote repository.'.replace('fatal: ', '')],
    ['remote: \u001b[2Jhello', 'remote: \\u{1b}[2Jhello'],
    ['', ''],
  ];
  for (const [complaint, reason] of table) t.equal(reasonOf(complaint), reason, JSON.stringify(complaint));
});

t.test('it takes no longer for a host that says much', async (t) => {
  t.ok(reasonOf(`${'! [rejected] '.repeat(20_000)}\n`).length < 300);
});
