// Owns the order of the rows of the table.
import type { Row } from '../helpers/rows.ts';
import { login, whoami } from './account.ts';
import { add, addUnprepared, frozen, frozenUnprepared, install } from './install.ts';
import { distTag } from './manage.ts';
import { audit, view } from './view.ts';

export const ROWS: readonly Row[] = [
  view,
  add,
  install,
  frozen,
  addUnprepared,
  frozenUnprepared,
  login,
  whoami,
  distTag,
  audit,
];
