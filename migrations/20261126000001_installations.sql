-- A browser profile that somebody of the clinic signed in on: an iPad of a treatment room, a computer at the desk.
create table installation (
    clinic_id uuid not null references clinic,
    id uuid not null, -- made by the browser itself
    token_hash bytea, -- SHA-256 of the cookie by which it is known when nobody is signed in; null once it was emptied
    share bytea, -- the server's part of the key to what it keeps, 32 bytes; null once it was emptied
    name text not null default '', -- what the clinic calls it
    agent text not null, -- what it calls itself
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    last_staff uuid not null, -- who was there last
    pins_ended_at timestamptz, -- whoever has not fully signed in there since cannot open it by PIN; null: never ended
    wipe_asked_at timestamptz, -- it is emptied as soon as it is heard of
    wipe_asked_by uuid,
    wiped_at timestamptz, -- it said that it is empty
    primary key (clinic_id, id),
    foreign key (clinic_id, last_staff) references staff
);
-- Not led by clinic_id: a browser where nobody is signed in has no clinic yet.
create unique index installation_token on installation (token_hash);

-- Who has fully signed in on which browser: only they may open it by PIN.
create table opener (
    clinic_id uuid not null,
    installation_id uuid not null,
    staff_id uuid not null,
    signed_in_at timestamptz not null, -- fully, last
    primary key (clinic_id, installation_id, staff_id),
    foreign key (clinic_id, installation_id) references installation,
    foreign key (clinic_id, staff_id) references staff
);

-- What was only on a browser when it was emptied, for a person to look at.
create table quarantine (
    clinic_id uuid not null,
    installation_id uuid not null,
    place text not null check (place in ('outbox', 'drafts', 'typed', 'pictures')), -- where it lay on the browser
    key text not null, -- under which key it lay there
    body bytea not null, -- as it was before it was sealed: JSON, or a JPEG
    kept_at timestamptz not null,
    primary key (clinic_id, installation_id, place, key),
    foreign key (clinic_id, installation_id) references installation
);

alter table account
    add column pin_hash text, -- argon2id, PHC string; null: none chosen
    add column pin_tries smallint not null default 0; -- wrong ones in a row
alter table sign_in add column installation_id uuid; -- the browser it is on, once that has said so
grant update (installation_id) on sign_in to cadence_app;

do $$
declare
    name text;
begin
    foreach name in array array['opener', 'quarantine'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy own_clinic on %I using (clinic_id = cadence_clinic())', name);
        execute format('grant select, insert, update on %I to cadence_app', name);
    end loop;
end
$$;
grant delete on opener to cadence_app;

alter table installation enable row level security;
alter table installation force row level security;
create policy own_clinic_or_presented on installation
    using (clinic_id = nullif(current_setting('cadence.clinic_id', true), '')::uuid
        or token_hash = decode(current_setting('cadence.token_hash', true), 'hex'));
grant select, insert, update on installation to cadence_app;
