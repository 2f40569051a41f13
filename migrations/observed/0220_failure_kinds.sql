-- Why the last failed look failed, as `model::read_error` has it in JSON, beside its sentence. NULL: an earlier program did
-- not say.

ALTER TABLE observations ADD COLUMN failure_kind TEXT CHECK (failure_kind IS NULL OR json_valid(failure_kind));
