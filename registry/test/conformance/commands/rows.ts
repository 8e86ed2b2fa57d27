// Owns the order of the rows of the table.
import type { Row } from '../helpers/rows.ts';
import { login, whoami } from './account.ts';
import { anonymous, conflict, forbidden, notFound, tooLarge, unauthorized } from './errors.ts';
import { add, addPrivate, addUnprepared, frozen, frozenUnprepared, install } from './install.ts';
import { deprecate, distTag } from './manage.ts';
import { publish, publishFragile } from './publish.ts';
import { audit, search, view } from './view.ts';

export const ROWS: readonly Row[] = [
  view,
  add,
  install,
  frozen,
  addPrivate,
  addUnprepared,
  frozenUnprepared,
  login,
  whoami,
  publish,
  publishFragile,
  distTag,
  deprecate,
  search,
  audit,
  anonymous,
  unauthorized,
  forbidden,
  notFound,
  conflict,
  tooLarge,
];
