-- How the nodes of a cluster are reached: accounts, and the keys by which each node proves who it is.

CREATE TABLE node_accounts (
    cluster    INTEGER NOT NULL REFERENCES clusters (id),
    -- The web console's and REST's account, or the menu program's.
    account    TEXT    NOT NULL CHECK (account IN ('rest', 'ssh')),
    user       TEXT    NOT NULL CHECK (user <> ''),
    -- Encrypted before it comes here.
    secret     BLOB    NOT NULL CHECK (length(secret) > 0),
    -- Since when it is not to be used; NULL: it may be.
    refused_at INTEGER,
    PRIMARY KEY (cluster, account)
) STRICT, WITHOUT ROWID;

-- Offered, accepted (by whom, when), changed: as JSON. Who accepted what also stands in the records, for ever.
CREATE TABLE node_keys (
    cluster INTEGER NOT NULL REFERENCES clusters (id),
    address TEXT    NOT NULL CHECK (address <> ''),
    keys    TEXT    NOT NULL CHECK (json_valid(keys)),
    PRIMARY KEY (cluster, address)
) STRICT, WITHOUT ROWID;
