-- A plan's snapshot is there as it was written, or it is gone.

CREATE TRIGGER plan_snapshots_are_not_replaced BEFORE INSERT ON plan_snapshots
WHEN EXISTS (SELECT 1 FROM plan_snapshots WHERE plan = NEW.plan)
BEGIN
    SELECT RAISE(ABORT, 'What a plan was made from cannot be replaced.');
END;

CREATE TRIGGER plan_snapshots_are_not_changed BEFORE UPDATE ON plan_snapshots
BEGIN
    SELECT RAISE(ABORT, 'What a plan was made from cannot be changed.');
END;
