// Owns the list of tables: drizzle and drizzle-kit read all of them here.
export * from './accounts.ts';
export * from './audit.ts';
export * from './courses.ts';
export * from './invitations.ts';
export * from './publishing.ts';
export * from './scopes.ts';
export * from './tokens.ts';
