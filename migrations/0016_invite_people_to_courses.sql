CREATE TABLE `course_invitation_links` (
	`id` text PRIMARY KEY NOT NULL,
	`package_id` text NOT NULL,
	`secret_hash` text NOT NULL,
	`created_by` text NOT NULL,
	`seats` integer NOT NULL,
	`used` integer DEFAULT 0 NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer DEFAULT (unixepoch()) NOT NULL,
	FOREIGN KEY (`package_id`) REFERENCES `registry_packages`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`created_by`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "course_invitation_links_seats" CHECK("course_invitation_links"."used" <= "course_invitation_links"."seats")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `course_invitation_links_secret_idx` ON `course_invitation_links` (`secret_hash`);--> statement-breakpoint
CREATE INDEX `course_invitation_links_package_idx` ON `course_invitation_links` (`package_id`);--> statement-breakpoint
CREATE INDEX `course_invitation_links_creator_idx` ON `course_invitation_links` (`created_by`);