// Owns the rows in which a person looks for courses, and at what is known about them.
import { inItsOwnWords, noSuchCommand, ok, WORKS } from '../helpers/cell.ts';
import { studentAt } from '../helpers/desk.ts';
import type { Row } from '../helpers/rows.ts';

export const view: Row = {
  title: 'view',
  async run(t, desk) {
    const student = await studentAt(t, desk);
    const shown = ok(t, await student.use(desk.dialect.view('@diego/rust-mastery')), 'it shows the course');
    t.match(shown, /1\.0\.0/);
    t.match(shown, 'Ownership, enums and traits in eight short exercises');
    return WORKS;
  },
};

export const search: Row = {
  title: 'search',
  async run(t, desk) {
    const student = await studentAt(t, desk);
    const ended = await student.use(desk.dialect.search('ownership'));
    const missing = noSuchCommand(ended);
    if (missing !== undefined) return missing;
    t.match(ok(t, ended, 'it finds the course'), '@diego/rust-mastery');
    return WORKS;
  },
};

export const audit: Row = {
  title: 'audit',
  async run(t, desk) {
    const student = await studentAt(t, desk);
    // Yarn 4 has no argument for it.
    student.env.YARN_NPM_AUDIT_REGISTRY = desk.registry.url;
    ok(t, await student.use(desk.dialect.add(['@diego/rust-mastery'])), 'a course is installed');
    const ended = await student.use(desk.dialect.audit);
    const elsewhere = student.askedPublicly.find((request) => request.startsWith('CONNECT '));
    if (elsewhere !== undefined) return inItsOwnWords(t, ended, /https:\/\/.*audits: .*/);
    t.match(ok(t, ended, 'it audits'), /no (known )?(vulnerabilities|audit suggestions)|found 0 vulnerabilities/i);
    return WORKS;
  },
};
