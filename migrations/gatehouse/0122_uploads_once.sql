-- A private key is kept until it has arrived, and no longer: since when it is gone. What is left is what plans name.
ALTER TABLE uploads ADD COLUMN key_gone_at INTEGER;
-- One upload of a name in a cluster that still has its key. Of several, the newest is the one that was meant.
UPDATE uploads SET sealed = x'00', key_gone_at = at
WHERE id NOT IN (SELECT max(id) FROM uploads GROUP BY cluster, name);
CREATE UNIQUE INDEX uploads_name ON uploads (cluster, name) WHERE key_gone_at IS NULL;
