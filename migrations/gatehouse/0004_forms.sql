-- Forms: what failed to be saved, and which submissions have been seen.

-- `owner` is a person, or a browser that nobody has signed in with.
CREATE TABLE drafts (
    owner  TEXT    NOT NULL CHECK (owner <> ''),
    form   TEXT    NOT NULL CHECK (form <> ''),
    typed  TEXT    NOT NULL CHECK (json_type(typed) = 'object'),
    errors TEXT    NOT NULL CHECK (json_type(errors) = 'object'),
    at     INTEGER NOT NULL,
    PRIMARY KEY (owner, form)
) STRICT, WITHOUT ROWID;
CREATE INDEX drafts_at ON drafts (at);

-- A token is here once it was used; `went_to` is where its submission led.
CREATE TABLE form_tokens (
    token   TEXT    PRIMARY KEY CHECK (token <> ''),
    person  INTEGER REFERENCES persons (id) ON DELETE CASCADE,
    at      INTEGER NOT NULL,
    went_to TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX form_tokens_at ON form_tokens (at);
