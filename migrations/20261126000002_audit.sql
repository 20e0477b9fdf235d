-- Who did what, and who looked at whom. Rows are only ever added; each carries a keyed hash over itself and the one before it, made
-- with a key that is not in the database, so that whoever changes, removes or slips in a row cannot make the chain fit again
-- (`cadence verify-audit`). A clinic's chain begins with the first thing that happens after this migration.

-- Where each clinic's chain stands: locked while rows are added, so that numbers have no gaps and the chain has one end, however many
-- server processes write. It is the last lock a transaction takes, after clinic_version where that is needed too.
create table audit_head (
    clinic_id uuid primary key references clinic,
    number bigint not null check (number >= 0), -- of the last row; zero while there is none
    hash bytea not null check (length(hash) = 32) -- of the last row; zeros while there is none
);

create table audit (
    clinic_id uuid not null references clinic,
    number bigint not null check (number > 0), -- 1, 2, 3 … within the clinic, without gaps
    at timestamptz not null, -- when it happened: of what was done on a device its own clock, but never later than received_at
    received_at timestamptz not null, -- when the server learned of it
    who text not null check (who in ('staff', 'client', 'nobody')), -- nobody: not signed in
    who_id uuid, -- of the staff or the clients
    action text not null check (action ~ '^[a-z][a-z-]{0,39}$'), -- a word of the server's closed list
    client_id uuid, -- about whom; null: about nobody in particular
    detail jsonb not null, -- ids, counts, hashes and words of closed lists; never names, numbers to call, or anything typed
    previous bytea not null, -- hash of the row before; zeros for the first
    hash bytea not null check (length(hash) = 32), -- HMAC-SHA-256 over all of the above
    primary key (clinic_id, number),
    check ((who = 'nobody') = (who_id is null))
);
-- All about one client, the newest first.
create index audit_client on audit (clinic_id, client_id, at desc, number desc) where client_id is not null;
-- A look that a device tells of twice is one look.
create unique index audit_look on audit (clinic_id, (detail ->> 'look')) where detail ? 'look';

alter table audit enable row level security;
alter table audit force row level security;
create policy own_clinic on audit using (clinic_id = cadence_clinic());
grant select, insert on audit to cadence_app;

-- How far every clinic's chain has come is read by whoever copies that to where the database does not reach. It names nobody.
alter table audit_head enable row level security;
alter table audit_head force row level security;
create policy own_clinic_or_every_head on audit_head using (
    clinic_id = nullif(current_setting('cadence.clinic_id', true), '')::uuid
    or current_setting('cadence.every_head', true) = 'on')
    with check (clinic_id = cadence_clinic());
grant select, insert, update on audit_head to cadence_app;
