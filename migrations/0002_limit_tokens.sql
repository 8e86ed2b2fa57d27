ALTER TABLE `registry_tokens` ADD `shown` text DEFAULT 'progy_' NOT NULL;--> statement-breakpoint
ALTER TABLE `registry_tokens` ADD `readonly` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `registry_tokens` ADD `cidrs` text;--> statement-breakpoint
ALTER TABLE `registry_tokens` ADD `courses` text;