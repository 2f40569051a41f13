-- What was applied last, whose consent an object is there by, and what an undo takes back.

-- The version of the set-up that the appliance stood by when a run that changed something had ended. NULL: none that is
-- known, because all that was described had been taken back.
CREATE TABLE applied_versions (
    run     INTEGER PRIMARY KEY REFERENCES plan_runs (act),
    cluster INTEGER NOT NULL REFERENCES clusters (id),
    version INTEGER,
    at      INTEGER NOT NULL,
    FOREIGN KEY (version, cluster) REFERENCES desired_versions (id, cluster)
) STRICT;
CREATE INDEX applied_versions_cluster ON applied_versions (cluster, run);

-- Runs that ended well before this table was there; those that took another run back left no version that is known.
INSERT INTO applied_versions (run, cluster, version, at)
SELECT plan_runs.act, plans.cluster,
       CASE WHEN EXISTS (SELECT 1 FROM records AS made
                         WHERE made.act = plans.act AND made.kind = 'plan.ended'
                           AND (made.entry ->> '$.detail.undo_of') IS NOT NULL)
            THEN NULL ELSE plans.version END,
       max(ended.at)
FROM plan_runs
JOIN plans ON plans.id = plan_runs.plan
JOIN records AS ended ON ended.act = plan_runs.act AND ended.kind = 'run.ended' AND ended.outcome = 'succeeded'
GROUP BY plan_runs.act;

-- The version that a run leaves behind where it is not its plan's: an undo may take the set-up back with it.
ALTER TABLE plan_runs ADD COLUMN version INTEGER REFERENCES desired_versions (id);

-- `made`: by Gatehouse. `adopted`: by consent, and never removed on that ground. `doomed`: adopted, with consent to its
-- removal.
ALTER TABLE owned_objects ADD COLUMN how TEXT NOT NULL DEFAULT 'made' CHECK (how IN ('made', 'adopted', 'doomed'));
UPDATE owned_objects SET how = 'adopted'
WHERE EXISTS (SELECT 1 FROM records WHERE records.act = owned_objects.act AND records.kind = 'object.adopted');
