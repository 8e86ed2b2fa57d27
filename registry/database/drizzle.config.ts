// Owns how drizzle-kit turns the schema into SQL: npm run migrations -- --name add_something
import { defineConfig } from 'drizzle-kit';

export default defineConfig({ dialect: 'sqlite', schema: './registry/database/schema/tables.ts', out: './migrations' });
