-- Passwords that were typed into a form which is not done yet: encrypted before they come here, for a minute, for one
-- owner and form. What was typed besides is a draft and holds no secret.
CREATE TABLE draft_secrets (
    owner  TEXT    NOT NULL CHECK (owner <> ''),
    form   TEXT    NOT NULL CHECK (form <> ''),
    sealed BLOB    NOT NULL CHECK (length(sealed) > 0),
    at     INTEGER NOT NULL,
    PRIMARY KEY (owner, form)
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_secrets_at ON draft_secrets (at);
