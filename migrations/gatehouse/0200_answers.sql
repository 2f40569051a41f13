-- What a form was answered with that is no error of a field: that it is done, that a connection works, a certificate to
-- compare. Kept until its page has shown it.
ALTER TABLE drafts ADD COLUMN answer TEXT CHECK (answer IS NULL OR json_type(answer) = 'object');
