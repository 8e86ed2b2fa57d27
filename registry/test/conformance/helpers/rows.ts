// Owns what a row of the table is: one thing that a person does, tried with every client.
import type { Test } from 'tap';
import type { Cell } from './cell.ts';
import type { Desk } from './desk.ts';

export interface Row {
  title: string;
  /** Tries it for real, asserts what came of it, and answers the cell. */
  run(t: Test, desk: Desk): Promise<Cell>;
}
