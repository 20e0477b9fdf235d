-- Series and lapses are derived once for all tables of the numbers, in the one statement that reads them.
drop function numbers_plan(uuid);
drop function numbers_lapse(uuid, timestamptz);
