// Owns the rows of the table: each is one thing that a person does, tried with every client.
import type { Test } from 'tap';
import type { Cell } from './cell.ts';
import type { Desk } from './desk.ts';

export interface Row {
  title: string;
  /** Tries it with the real client, asserts the outcome, and returns the cell. */
  run(t: Test, desk: Desk): Promise<Cell>;
}
