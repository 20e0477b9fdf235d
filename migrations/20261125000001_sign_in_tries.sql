-- How often a sign-in was tried, so that nobody guesses passwords: counted for all server processes together, and before the password
-- is looked at, so that many tries at once count as many.
create table sign_in_try (
    about bytea primary key, -- SHA-256 of the e-mail address that was typed, in lower case; of any address, so that an answer tells nothing
    since timestamptz not null, -- of the first of these tries
    tries integer not null check (tries > 0)
);
create index sign_in_try_since on sign_in_try (since);

-- Of no clinic: whoever tries has none yet. It names nobody.
alter table sign_in_try enable row level security;
alter table sign_in_try force row level security;
create policy before_any_clinic on sign_in_try using (true);
grant select, insert, update, delete on sign_in_try to cadence_app;
