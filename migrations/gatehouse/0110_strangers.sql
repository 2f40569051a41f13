-- What somebody types who is not signed in is kept by their own browser from now on, and not here.
DELETE FROM drafts WHERE owner LIKE 'visitor:%';
