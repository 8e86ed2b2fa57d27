CREATE TABLE `registry_search_places` (
	`place` integer PRIMARY KEY NOT NULL,
	`package_id` text NOT NULL,
	`number` integer NOT NULL,
	`name` text NOT NULL,
	`slug` text NOT NULL,
	`decayed_downloads` real NOT NULL,
	`published_at` integer NOT NULL,
	`is_kept` integer NOT NULL,
	`is_due` integer DEFAULT false NOT NULL,
	FOREIGN KEY (`package_id`) REFERENCES `registry_packages`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `registry_search_places_package_id_unique` ON `registry_search_places` (`package_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `registry_search_places_number_unique` ON `registry_search_places` (`number`);--> statement-breakpoint
CREATE INDEX `registry_search_places_slug_idx` ON `registry_search_places` (`slug`,`place`);--> statement-breakpoint
CREATE INDEX `registry_search_places_due_idx` ON `registry_search_places` (`is_due`) WHERE is_due = 1;--> statement-breakpoint
ALTER TABLE `registry_packages` ADD `popularity_step` integer GENERATED ALWAYS AS (min(4095, CAST(floor(2 * log2(1 + decayed_downloads)) AS INTEGER))) VIRTUAL;