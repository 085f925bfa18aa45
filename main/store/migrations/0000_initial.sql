CREATE TABLE `checkpoints` (
	`run_id` text NOT NULL,
	`path` text NOT NULL,
	`epoch` integer NOT NULL,
	`step` integer NOT NULL,
	`size_bytes` integer NOT NULL,
	`sha256` text NOT NULL,
	`created_at` text NOT NULL,
	`best` integer DEFAULT false NOT NULL,
	`removed` integer DEFAULT false NOT NULL,
	PRIMARY KEY(`run_id`, `path`),
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `points` (
	`series_id` integer NOT NULL,
	`step` integer NOT NULL,
	`epoch` integer NOT NULL,
	`time` integer NOT NULL,
	`seq` integer NOT NULL,
	`value` real,
	PRIMARY KEY(`series_id`, `step`),
	FOREIGN KEY (`series_id`) REFERENCES `series`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `queue` (
	`run_id` text PRIMARY KEY NOT NULL,
	`position` integer NOT NULL,
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `reference_levels` (
	`run_id` text NOT NULL,
	`series` text NOT NULL,
	`name` text NOT NULL,
	`value` real,
	PRIMARY KEY(`run_id`, `series`, `name`),
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `results` (
	`run_id` text NOT NULL,
	`name` text NOT NULL,
	`values` text NOT NULL,
	`protocol` text NOT NULL,
	PRIMARY KEY(`run_id`, `name`),
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `runs` (
	`id` text PRIMARY KEY NOT NULL,
	`folder` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`state` text NOT NULL,
	`recipe` text,
	`parent` text,
	`config` text NOT NULL,
	`created_at` text NOT NULL,
	`started_at` text,
	`ended_at` text,
	`epoch` integer DEFAULT 0 NOT NULL,
	`epochs` integer,
	`step` integer DEFAULT 0 NOT NULL,
	`total_steps` integer,
	`stage` text DEFAULT '' NOT NULL,
	`progress` text,
	`remaining` text,
	`device` text,
	`error` text,
	`last` text DEFAULT '{}' NOT NULL,
	`best` text DEFAULT '{}' NOT NULL,
	`size_bytes` integer DEFAULT 0 NOT NULL,
	`trashed_at` text,
	`events_offset` integer DEFAULT 0 NOT NULL,
	`last_seq` integer DEFAULT -1 NOT NULL,
	`segment_seq` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `runs_folder` ON `runs` (`folder`);--> statement-breakpoint
CREATE INDEX `runs_created` ON `runs` (`trashed_at`,`created_at`);--> statement-breakpoint
CREATE INDEX `runs_state` ON `runs` (`state`);--> statement-breakpoint
CREATE TABLE `series` (
	`id` integer PRIMARY KEY NOT NULL,
	`run_id` text NOT NULL,
	`name` text NOT NULL,
	`count` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `series_of_run` ON `series` (`run_id`,`name`);--> statement-breakpoint
CREATE TABLE `settings` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
