-- Searching the log: the summary and every value in the detail, by any part of at least three characters. Without a
-- copy of the text: records are never changed, so the index never has to take anything back.

CREATE VIRTUAL TABLE records_text USING fts5 (text, content = '', tokenize = 'trigram');

CREATE TRIGGER records_are_searched AFTER INSERT ON records
BEGIN
    INSERT INTO records_text (rowid, text)
    VALUES (NEW.id, NEW.summary || coalesce((SELECT char(10) || group_concat(atom, char(10))
                                             FROM json_tree(NEW.entry, '$.detail') WHERE atom IS NOT NULL), ''));
END;

INSERT INTO records_text (rowid, text)
SELECT id, summary || coalesce((SELECT char(10) || group_concat(atom, char(10))
                                FROM json_tree(records.entry, '$.detail') WHERE atom IS NOT NULL), '')
FROM records;
