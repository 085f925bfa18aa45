CREATE TABLE `checkpoint_uses` (
	`run_id` text NOT NULL,
	`role` text NOT NULL,
	`sha256` text NOT NULL,
	`path` text NOT NULL,
	`at` text NOT NULL,
	PRIMARY KEY(`run_id`, `role`, `sha256`),
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `checkpoint_uses_hash` ON `checkpoint_uses` (`sha256`);--> statement-breakpoint
CREATE TABLE `checkpoint_verdicts` (
	`file` text PRIMARY KEY NOT NULL,
	`found_sha256` text,
	`at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `imported_checkpoints` (
	`sha256` text PRIMARY KEY NOT NULL,
	`folder` text NOT NULL,
	`stamp` text NOT NULL,
	`record` text NOT NULL,
	`name` text NOT NULL,
	`created_at` text NOT NULL,
	`trashed_at` text
);
--> statement-breakpoint
CREATE INDEX `checkpoints_hash` ON `checkpoints` (`sha256`);