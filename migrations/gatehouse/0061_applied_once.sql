-- What was applied is written once, like the run that it tells of.

CREATE TRIGGER applied_versions_are_not_replaced BEFORE INSERT ON applied_versions
WHEN EXISTS (SELECT 1 FROM applied_versions WHERE run = NEW.run)
BEGIN
    SELECT RAISE(ABORT, 'What a run has applied cannot be replaced.');
END;

CREATE TRIGGER applied_versions_are_not_changed BEFORE UPDATE ON applied_versions
BEGIN
    SELECT RAISE(ABORT, 'What a run has applied cannot be changed.');
END;

CREATE TRIGGER applied_versions_are_not_removed BEFORE DELETE ON applied_versions
BEGIN
    SELECT RAISE(ABORT, 'What a run has applied cannot be removed.');
END;
