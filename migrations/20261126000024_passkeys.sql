-- Keys that a phone, a computer or a security key keeps, and uses only after it has recognised its person.
create table passkey (
    clinic_id uuid not null,
    id uuid not null,
    staff_id uuid not null,
    credential_id bytea not null, -- as the key calls itself
    name text not null, -- as the person calls it
    key jsonb not null, -- public key, counter and flags, as webauthn-rs writes them
    added_at timestamptz not null,
    used_at timestamptz, -- null: never
    primary key (clinic_id, id),
    foreign key (clinic_id, staff_id) references staff
);
-- Who presents a key has no clinic yet.
create unique index passkey_credential on passkey (credential_id);
create index passkey_staff on passkey (clinic_id, staff_id);

-- The challenge of a key that is being added: one for a person at most, taken away when it is answered.
create table passkey_registration (
    clinic_id uuid not null,
    staff_id uuid not null,
    state jsonb not null, -- as webauthn-rs writes it
    ends_at timestamptz not null,
    primary key (clinic_id, staff_id),
    foreign key (clinic_id, staff_id) references staff
);

-- The challenge of a sign-in, taken away when it is answered.
create table passkey_challenge (
    about bytea primary key, -- SHA-256 of what the page holds to name it
    state jsonb not null, -- as webauthn-rs writes it
    ends_at timestamptz not null
);
create index passkey_challenge_ends on passkey_challenge (ends_at);

alter table passkey enable row level security;
alter table passkey force row level security;
-- Before signing in, one row can be seen: the key that was presented.
create policy own_clinic_or_presented on passkey
    using (clinic_id = nullif(current_setting('cadence.clinic_id', true), '')::uuid
        or credential_id = decode(current_setting('cadence.credential', true), 'hex'));
grant select, insert, update, delete on passkey to cadence_app;

alter table passkey_registration enable row level security;
alter table passkey_registration force row level security;
create policy own_clinic on passkey_registration using (clinic_id = cadence_clinic());
grant select, insert, update, delete on passkey_registration to cadence_app;

-- Of no clinic: whoever signs in has none yet. It names nobody.
alter table passkey_challenge enable row level security;
alter table passkey_challenge force row level security;
create policy before_any_clinic on passkey_challenge using (true);
grant select, insert, delete on passkey_challenge to cadence_app;
