import t from 'tap';
import { changelogBetween, changelogOf, sectionOf, sectionsBetween } from '../../course/changelog.ts';

const CHANGELOG = `# Changelog

## [Unreleased]

- Later.

## [2.0.0] - 2026-11-01

- Two.

## v1.1.0

### Fixed

- One and a half.

## 1.0.0

- One.
`;

t.test('the sections after one version and up to another are shown', async (t) => {
  t.equal(sectionsBetween(CHANGELOG, '1.0.0', '1.1.0'), '## v1.1.0\n\n### Fixed\n\n- One and a half.');
  t.equal(
    sectionsBetween(CHANGELOG, '1.0.0', '2.0.0'),
    '## [2.0.0] - 2026-11-01\n\n- Two.\n\n## v1.1.0\n\n### Fixed\n\n- One and a half.',
  );
  t.equal(sectionsBetween(CHANGELOG.replaceAll('\n', '\r\n'), '1.1.0', '2.0.0'), '## [2.0.0] - 2026-11-01\n\n- Two.');
});

t.test('nothing is shown where nothing is said', async (t) => {
  t.equal(sectionsBetween(CHANGELOG, '2.0.0', '3.0.0'), undefined);
  t.equal(sectionsBetween('', '1.0.0', '1.1.0'), undefined);
  t.equal(sectionsBetween('Just words about 1.1.0', '1.0.0', '1.1.0'), undefined);
  t.equal(await changelogBetween(t.testdir({}), '1.0.0', '1.1.0'), undefined);
});

t.test('a long changelog is cut', async (t) => {
  const shown = sectionsBetween(`## 1.1.0\n${'- more\n'.repeat(10_000)}`, '1.0.0', '1.1.0')?.split('\n');
  t.equal(shown?.length, 61);
  t.equal(shown?.at(-1), '…');
});

t.test('the lines below the heading of one version are its section', async (t) => {
  t.equal(sectionOf(CHANGELOG, '1.1.0'), '### Fixed\n\n- One and a half.');
  t.equal(sectionOf(CHANGELOG, '1.0.0'), '- One.');
  t.equal(sectionOf(CHANGELOG, '3.0.0'), undefined);
  t.equal(sectionOf(`## 1.0.0\n${'x'.repeat(20_000)}`, '1.0.0')?.length, 10_000);
  t.equal(await changelogOf(t.testdir({ 'CHANGELOG.md': CHANGELOG }), '2.0.0'), '- Two.');
  t.equal(await changelogOf(t.testdir({}), '2.0.0'), undefined);
});
