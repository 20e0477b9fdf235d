-- Beside the password: a code from an authenticator app, and codes on paper for whoever lost it.
alter table account add column totp_secret bytea; -- encrypted by a key that is not in the database; null: no app
alter table account add column totp_step bigint; -- the half minute, counted from 1970, of the last code that was used: none is used twice
alter table account add column totp_offered bytea; -- as totp_secret: shown to be scanned, and no code of it confirmed yet

-- What was chosen by a link so far; it replaces what is there when the second factor is there too.
alter table invitation add column password_hash text; -- argon2id, PHC string; null: nothing chosen yet
alter table invitation add column totp_offered bytea; -- as in account

alter table sign_in add column confirmed_until timestamptz; -- the password was entered again: how to get in may be changed until then

-- Each lets in once, in place of a code from the app.
create table recovery_code (
    clinic_id uuid not null,
    staff_id uuid not null,
    code_hash bytea not null, -- SHA-256 of 80 random bits
    primary key (clinic_id, staff_id, code_hash),
    foreign key (clinic_id, staff_id) references staff
);

-- Somebody whose password was right, and who still owes the second factor: good for nothing else.
create table sign_in_step (
    clinic_id uuid not null,
    token_hash bytea not null, -- SHA-256 of a cookie of its own
    staff_id uuid not null,
    ends_at timestamptz not null,
    primary key (clinic_id, token_hash),
    foreign key (clinic_id, staff_id) references staff
);
create unique index sign_in_step_token on sign_in_step (token_hash);

alter table recovery_code enable row level security;
alter table recovery_code force row level security;
create policy own_clinic on recovery_code using (clinic_id = cadence_clinic());
grant select, insert, delete on recovery_code to cadence_app;

alter table sign_in_step enable row level security;
alter table sign_in_step force row level security;
-- Before signing in, one row can be seen: the one whose cookie was presented.
create policy own_clinic_or_presented on sign_in_step
    using (clinic_id = nullif(current_setting('cadence.clinic_id', true), '')::uuid
        or token_hash = decode(current_setting('cadence.token_hash', true), 'hex'));
grant select, insert, delete on sign_in_step to cadence_app;
grant update on sign_in to cadence_app;
