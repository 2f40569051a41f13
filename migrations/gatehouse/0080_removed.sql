-- Appliances and clusters that were removed. They stay as rows, because written-once plans and set-ups refer to them and the
-- log names them; their titles are free again. What was secret about them is destroyed.
ALTER TABLE appliances ADD COLUMN removed_at INTEGER;
ALTER TABLE appliances ADD COLUMN removed_title TEXT CHECK ((removed_title IS NULL) = (removed_at IS NULL));
ALTER TABLE clusters ADD COLUMN removed_at INTEGER;
ALTER TABLE clusters ADD COLUMN removed_title TEXT CHECK ((removed_title IS NULL) = (removed_at IS NULL));
