-- People are edited by the clinic's owner, and let in by invitations.
alter table staff add column version integer not null default 1; -- raised by every edit of the person or the address; an edit names the one it saw
-- An address belongs to a person from the day it is written down; the password comes with the first invitation that is used.
alter table account alter column password_hash drop not null; -- null: nobody gets in by a password
alter table account add column signed_in_last timestamptz; -- null: never
grant delete on account to cadence_app;

-- A link by which somebody chooses how to get in, once. There is one for a person at most: a new one ends the one before.
create table invitation (
    clinic_id uuid not null,
    staff_id uuid not null,
    token_hash bytea not null, -- SHA-256 of what stands in the link
    made_by uuid, -- null: made on the server's machine
    made_at timestamptz not null,
    ends_at timestamptz not null,
    primary key (clinic_id, staff_id),
    foreign key (clinic_id, staff_id) references staff
);
-- Whoever has a link has no clinic yet.
create unique index invitation_token on invitation (token_hash);

alter table invitation enable row level security;
alter table invitation force row level security;
-- Before signing in, one row can be seen: the one whose link was opened.
create policy own_clinic_or_presented on invitation
    using (clinic_id = nullif(current_setting('cadence.clinic_id', true), '')::uuid
        or token_hash = decode(current_setting('cadence.token_hash', true), 'hex'));
grant select, insert, update, delete on invitation to cadence_app;
