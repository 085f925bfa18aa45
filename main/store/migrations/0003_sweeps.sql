ALTER TABLE `queue` ADD `held` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `runs` ADD `sweep` text;