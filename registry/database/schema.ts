// Owns the list of tables: drizzle and drizzle-kit read all of them here.
export * from './account-schema.ts';
export * from './course-schema.ts';
export * from './scope-schema.ts';
export * from './work-schema.ts';
