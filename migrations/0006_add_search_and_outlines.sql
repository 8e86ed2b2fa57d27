CREATE TABLE `registry_listed_courses` (
	`id` integer PRIMARY KEY NOT NULL,
	`package_id` text NOT NULL,
	`name` text NOT NULL,
	`title` text,
	`description` text,
	`keywords` text,
	`people` text,
	`readme` text,
	FOREIGN KEY (`package_id`) REFERENCES `registry_packages`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `registry_listed_courses_package_id_unique` ON `registry_listed_courses` (`package_id`);--> statement-breakpoint
ALTER TABLE `registry_packages` ADD `heat` real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `registry_versions` ADD `outline` text;