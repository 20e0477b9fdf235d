-- The clinic's record.
--
-- clinic_id leads every primary key and every index, and row-level security stands on every table: the
-- server sets `cadence.clinic_id` for the length of each transaction and runs as a role that owns nothing.
-- Signed sessions and addenda can be inserted and read by that role, and nothing else.

do $$
begin
    if not exists (select from pg_roles where rolname = 'cadence_app') then
        create role cadence_app nologin;
    end if;
    execute format('grant cadence_app to %I', current_user);
exception
    -- Another database of the same cluster did the same at the same moment.
    when duplicate_object or unique_violation then null;
end
$$;

-- Unset, this is an error, not an empty answer: a query that forgot its clinic must be noticed.
create function cadence_clinic() returns uuid
    language sql stable
    return current_setting('cadence.clinic_id')::uuid;

create table clinic (
    clinic_id uuid primary key,
    name text not null,
    zone text not null, -- IANA time zone name
    currency text not null -- ISO 4217
);

-- One row for each clinic, locked by every change until it commits: so versions become visible in
-- the order of their numbers, which a sequence does not promise.
create table clinic_version (
    clinic_id uuid primary key references clinic,
    version bigint not null default 0, -- raised by one with every change
    catalogue_version bigint not null default 0, -- the version at which the catalogue last changed
    epoch uuid not null -- replaced when a backup is restored; devices then read everything anew
);

create table staff (
    clinic_id uuid not null references clinic,
    id uuid not null,
    name text not null,
    role text not null check (role in ('Provider', 'FrontDesk', 'Coordinator', 'MedicalDirector', 'Owner')),
    active boolean not null default true, -- false: can no longer sign in; stays as an author
    primary key (clinic_id, id)
);

-- How a member of staff gets in.
create table account (
    clinic_id uuid not null,
    staff_id uuid not null,
    email text not null check (email = lower(email)),
    password_hash text not null, -- argon2id, PHC string
    primary key (clinic_id, staff_id),
    foreign key (clinic_id, staff_id) references staff
);
-- The one index that clinic_id does not lead: before signing in nobody has a clinic.
create unique index account_email on account (email);

-- A browser that is signed in.
create table sign_in (
    clinic_id uuid not null,
    token_hash bytea not null, -- SHA-256 of the cookie
    staff_id uuid not null,
    since timestamptz not null,
    ends_at timestamptz not null,
    primary key (clinic_id, token_hash),
    foreign key (clinic_id, staff_id) references staff
);
create unique index sign_in_token on sign_in (token_hash);

-- One version of one template. Rows are only ever added.
create table template_version (
    clinic_id uuid not null references clinic,
    template_id uuid not null,
    version integer not null check (version > 0),
    name text not null,
    source text not null, -- where the ranges come from, in words
    fields jsonb not null, -- in order: key, label, unit, decimals, step, usual ranges, hard limits
    saved_at timestamptz not null,
    saved_by uuid, -- null: came with the clinic
    primary key (clinic_id, template_id, version)
);

create table device (
    clinic_id uuid not null references clinic,
    id uuid not null,
    maker text not null,
    model text not null,
    retired boolean not null default false, -- no longer offered; old treatments still name it
    version integer not null default 1, -- raised by every edit; an edit names the one it saw
    primary key (clinic_id, id)
);

create table handpiece (
    clinic_id uuid not null,
    device_id uuid not null,
    id uuid not null,
    position integer not null, -- order in which it is shown
    name text not null,
    template_id uuid not null,
    retired boolean not null default false,
    primary key (clinic_id, device_id, id),
    foreign key (clinic_id, device_id) references device
);

-- What is sold.
create table package (
    clinic_id uuid not null references clinic,
    id uuid not null,
    name text not null,
    price_minor bigint not null check (price_minor >= 0), -- in minor units of the clinic's currency
    sessions smallint not null check (sessions > 0),
    interval_days smallint not null check (interval_days > 0), -- days between two sessions
    primary key (clinic_id, id)
);

create table client (
    clinic_id uuid not null references clinic,
    id uuid not null,
    name text not null,
    birth_date date not null,
    skin_type smallint check (skin_type between 1 and 6), -- Fitzpatrick
    allergies text not null default '',
    phone text not null default '',
    email text not null default '',
    contact_version integer not null default 0, -- raised by every correction of phone or email
    primary key (clinic_id, id)
);

-- A sold package: the series. Keeps the terms it was sold under.
create table plan (
    clinic_id uuid not null,
    id uuid not null,
    client_id uuid not null,
    package_id uuid not null,
    name text not null,
    price_minor bigint not null,
    interval_days smallint not null,
    sold_on date not null,
    position integer not null, -- order within the chart
    primary key (clinic_id, id),
    foreign key (clinic_id, client_id) references client,
    foreign key (clinic_id, package_id) references package
);
create index plan_client on plan (clinic_id, client_id);

-- One visit of a plan. All of a plan's sessions are there from the day it is sold.
create table session (
    clinic_id uuid not null,
    id uuid not null,
    client_id uuid not null,
    plan_id uuid not null,
    number smallint not null check (number > 0), -- 1 for the first of the series
    position integer not null, -- order within the chart
    primary key (clinic_id, id),
    foreign key (clinic_id, plan_id) references plan,
    unique (clinic_id, plan_id, number)
);
create index session_client on session (clinic_id, client_id);

create table appointment (
    clinic_id uuid not null,
    id uuid not null,
    session_id uuid not null,
    provider_id uuid not null,
    starts_at timestamptz not null,
    minutes smallint not null check (minutes > 0),
    primary key (clinic_id, id),
    foreign key (clinic_id, session_id) references session,
    foreign key (clinic_id, provider_id) references staff,
    unique (clinic_id, session_id)
);
create index appointment_starts on appointment (clinic_id, starts_at);

-- The record of a session as it was signed.
create table signed_session (
    clinic_id uuid not null,
    session_id uuid not null,
    client_id uuid not null,
    signed_by uuid not null,
    signed_at timestamptz not null, -- on the clock of the device on which it was signed
    erythema smallint check (erythema between 0 and 4), -- clinician's erythema assessment
    minutes_after smallint, -- how long after the last pulse the skin was judged
    oedema smallint not null check (oedema between 0 and 2), -- none, mild, marked; so the next three
    warmth smallint not null check (warmth between 0 and 2),
    greying smallint not null check (greying between 0 and 2),
    blister smallint not null check (blister between 0 and 2),
    adverse_grade smallint check (adverse_grade between 1 and 5),
    adverse_text text,
    note text, -- for next time
    note_field text, -- key of the field the note would change
    note_by bigint, -- by how much, in thousandths of the field's unit
    note_areas text[], -- only these areas, as key or key/side; all when empty
    primary key (clinic_id, session_id),
    foreign key (clinic_id, session_id) references session,
    foreign key (clinic_id, signed_by) references staff
);
create index signed_session_client on signed_session (clinic_id, client_id, signed_at);

-- Which session of a series was delivered in which visit. The key is the promise: never twice.
create table delivery (
    clinic_id uuid not null,
    session_id uuid not null, -- the session that counts
    visit_id uuid not null, -- the signed session in whose visit it happened
    primary key (clinic_id, session_id),
    foreign key (clinic_id, session_id) references session,
    foreign key (clinic_id, visit_id) references signed_session
);

-- One procedure with one group of settings.
create table treatment (
    clinic_id uuid not null,
    session_id uuid not null, -- the signed session it belongs to
    position smallint not null,
    client_id uuid not null,
    counts_for uuid, -- the session of a series it delivers; null outside any
    device_id uuid not null,
    handpiece_id uuid not null,
    template_id uuid not null,
    template_version integer not null,
    primary key (clinic_id, session_id, position),
    foreign key (clinic_id, session_id) references signed_session,
    foreign key (clinic_id, device_id, handpiece_id) references handpiece,
    foreign key (clinic_id, template_id, template_version) references template_version
);
create index treatment_client on treatment (clinic_id, client_id);
create index treatment_handpiece on treatment (clinic_id, device_id, handpiece_id);

create table treated_area (
    clinic_id uuid not null,
    session_id uuid not null,
    treatment smallint not null, -- position of the treatment
    position smallint not null,
    client_id uuid not null,
    area text not null, -- key of the closed list of areas
    side text check (side in ('L', 'R')), -- the client's
    pulses integer,
    last_pulses integer, -- what stood there for comparison
    primary key (clinic_id, session_id, treatment, position),
    foreign key (clinic_id, session_id, treatment) references treatment
);
create index treated_area_client on treated_area (clinic_id, client_id);

-- One setting.
create table reading (
    clinic_id uuid not null,
    session_id uuid not null,
    treatment smallint not null, -- position of the treatment
    position smallint not null,
    client_id uuid not null,
    field text not null, -- key within the treatment's template
    kind text not null check (kind in ('number', 'choice', 'text')),
    amount bigint, -- in thousandths of the field's unit, for numbers
    words text, -- for choices and texts
    carried_from uuid, -- the session whose value was carried over
    carried_amount bigint, -- the value as it was carried; differs from amount where it was changed
    carried_words text,
    primary key (clinic_id, session_id, treatment, position),
    foreign key (clinic_id, session_id, treatment) references treatment,
    check (num_nonnulls(amount, words) = 1)
);
create index reading_client on reading (clinic_id, client_id);
create index reading_amount on reading (clinic_id, field, amount);

-- What was done in a session with a note that an earlier one had left.
create table note_decision (
    clinic_id uuid not null,
    session_id uuid not null,
    note_session_id uuid not null,
    client_id uuid not null,
    outcome text not null check (outcome in ('Applied', 'Acknowledged', 'NotToday')),
    primary key (clinic_id, session_id, note_session_id),
    foreign key (clinic_id, session_id) references signed_session
);
create index note_decision_client on note_decision (clinic_id, client_id);

create table addendum (
    clinic_id uuid not null,
    id uuid not null,
    session_id uuid not null,
    client_id uuid not null,
    position integer not null, -- order within the session
    written_by uuid not null,
    written_at timestamptz not null,
    text text not null,
    record jsonb, -- a second charting of the same session, whole
    primary key (clinic_id, id),
    foreign key (clinic_id, session_id) references signed_session
);
create index addendum_client on addendum (clinic_id, client_id);

-- A provider looked after an adverse event.
create table follow_up (
    clinic_id uuid not null,
    session_id uuid not null,
    client_id uuid not null,
    written_by uuid not null,
    written_at timestamptz not null,
    text text not null,
    primary key (clinic_id, session_id),
    foreign key (clinic_id, session_id) references signed_session
);
create index follow_up_client on follow_up (clinic_id, client_id);

-- What works for this client on this device.
create table device_note (
    clinic_id uuid not null,
    id uuid not null,
    client_id uuid not null,
    device_id uuid not null,
    written_by uuid not null,
    written_at timestamptz not null,
    text text not null,
    position integer not null, -- order within the chart
    primary key (clinic_id, id),
    foreign key (clinic_id, client_id) references client,
    foreign key (clinic_id, device_id) references device
);
create index device_note_client on device_note (clinic_id, client_id);

-- A change that could not be applied, with everything that was typed, until a person decides.
create table set_aside (
    clinic_id uuid not null,
    command_id uuid not null,
    client_id uuid not null,
    position integer not null, -- order within the chart
    change jsonb not null,
    made_by uuid not null,
    made_at timestamptz not null,
    rejection jsonb not null,
    decided_by uuid,
    decided_at timestamptz,
    decision jsonb,
    primary key (clinic_id, command_id),
    foreign key (clinic_id, client_id) references client
);
create index set_aside_client on set_aside (clinic_id, client_id);

-- The answer to every command ever received. A repeat gets the stored answer.
create table receipt (
    clinic_id uuid not null references clinic,
    command_id uuid not null,
    content_hash bytea not null, -- SHA-256 of the command's text
    content text not null, -- the command as it was sent
    installation_id uuid not null, -- the device that sent it
    number bigint not null, -- that device's running number
    signed_in uuid not null, -- who was signed in when it arrived
    received_at timestamptz not null,
    outcome jsonb not null,
    primary key (clinic_id, command_id)
);

-- What happened at each version.
create table change_log (
    clinic_id uuid not null references clinic,
    version bigint not null,
    client_id uuid, -- null: the catalogue
    command_id uuid, -- null: no command of a device caused it
    changed_by uuid, -- null: the server itself
    changed_at timestamptz not null,
    primary key (clinic_id, version)
);

-- Each chart in the encoding in which devices read it: a cache of the tables above, written in the same
-- transaction, and rebuilt from them when its format is not the current one.
create table chart_snapshot (
    clinic_id uuid not null,
    client_id uuid not null,
    version bigint not null, -- the clinic's version at which the chart last changed
    format smallint not null,
    body bytea not null,
    primary key (clinic_id, client_id),
    foreign key (clinic_id, client_id) references client
);
create index chart_snapshot_version on chart_snapshot (clinic_id, version);
-- Bodies are compressed once for the wire, by the page.
alter table chart_snapshot alter column body set storage external;

grant usage on schema public to cadence_app;

do $$
declare
    name text;
begin
    for name in select tablename from pg_tables where schemaname = 'public' and tablename not like '\_sqlx%' loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        if name not in ('account', 'sign_in') then
            execute format('create policy own_clinic on %I using (clinic_id = cadence_clinic())', name);
        end if;
        execute format('grant select, insert on %I to cadence_app', name);
    end loop;
end
$$;

-- Before signing in, one row can be seen: the one whose address or cookie was presented.
create policy own_clinic_or_named on account
    using (clinic_id = nullif(current_setting('cadence.clinic_id', true), '')::uuid
        or email = current_setting('cadence.email', true));
create policy own_clinic_or_presented on sign_in
    using (clinic_id = nullif(current_setting('cadence.clinic_id', true), '')::uuid
        or token_hash = decode(current_setting('cadence.token_hash', true), 'hex'));

-- Everything else is insert-only for the server: what was signed cannot be changed even by mistake.
grant update on clinic, clinic_version, staff, account, device, handpiece, package, client, set_aside, chart_snapshot to cadence_app;
grant delete on device_note, sign_in to cadence_app;
