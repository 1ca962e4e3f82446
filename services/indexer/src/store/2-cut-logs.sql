-- Whether a transaction since the last event that was told had a log that nodes cut short: 1 or 0.
ALTER TABLE checkpoints ADD COLUMN is_cut BIGINT NOT NULL DEFAULT 0;
