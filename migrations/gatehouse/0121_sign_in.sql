-- Wrong passwords. A name that nobody has may be a password in the wrong field, so that no name is kept here: only its
-- hash under the installation's key. What was counted before is a day old at most and is let go.
DROP TABLE sign_in_failures;
CREATE TABLE sign_in_failures (
    id        INTEGER PRIMARY KEY,
    name_hash BLOB    NOT NULL CHECK (length(name_hash) = 16),
    -- An IPv4 address, or the network of an IPv6 one.
    from_addr TEXT    NOT NULL,
    -- A browser that has signed in with this name before; its failures count for it alone.
    device    TEXT,
    at        INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_failures_name ON sign_in_failures (name_hash, at);
CREATE INDEX sign_in_failures_from ON sign_in_failures (from_addr, at);
CREATE INDEX sign_in_failures_at ON sign_in_failures (at);

-- What is being delayed. Empty texts stand for any: a delay of an address has no name, one of a name no address.
CREATE TABLE sign_in_delays (
    id        INTEGER PRIMARY KEY,
    about     TEXT    NOT NULL CHECK (about IN ('name_from_address', 'name', 'address', 'device')),
    name_hash BLOB    NOT NULL,
    from_addr TEXT    NOT NULL,
    device    TEXT    NOT NULL,
    -- Whose name it is; NULL: nobody's, or any.
    person    INTEGER REFERENCES persons (id) ON DELETE CASCADE,
    begun     INTEGER NOT NULL,
    until     INTEGER NOT NULL,
    wrong     INTEGER NOT NULL,
    -- A try that came meanwhile is in the log.
    told      INTEGER NOT NULL DEFAULT 0,
    UNIQUE (about, name_hash, from_addr, device)
) STRICT;
CREATE INDEX sign_in_delays_until ON sign_in_delays (until);
