-- Photographs: what is taken of which place, every picture with its session and view, and those made to be shown outside.

-- The views of one part of the body, and how they are set up.
create table view_set (
    clinic_id uuid not null references clinic,
    id uuid not null,
    name text not null,
    areas text[] not null default '{}', -- cheek/L, chin
    distance text not null default '',
    light text not null default '',
    background text not null default '',
    views jsonb not null, -- in the order in which they are taken; one that is no longer taken stays
    retired boolean not null default false, -- no longer offered; photographs taken by it still name its views
    version integer not null default 1, -- raised by every edit; an edit names the one it saw
    primary key (clinic_id, id)
);

-- By which views the sessions of a package are photographed.
create table package_view_set (
    clinic_id uuid not null,
    package_id uuid not null,
    view_set_id uuid not null,
    position integer not null,
    primary key (clinic_id, package_id, view_set_id),
    foreign key (clinic_id, package_id) references package,
    foreign key (clinic_id, view_set_id) references view_set
);

-- The picture's bytes lie in the photo store, under clinic and id.
create table photo (
    clinic_id uuid not null,
    id uuid not null,
    client_id uuid not null,
    position integer not null, -- order within the chart
    session_id uuid not null,
    view_id uuid not null, -- of the views of a set
    distance text not null, -- as the set said on that day
    light text not null,
    background text not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'), -- of the file as the device made it
    bytes integer not null check (bytes > 0), -- of that file
    width integer not null, -- pixels
    height integer not null,
    measures jsonb not null, -- sharpness, and how it lies against the baseline
    despite text not null, -- why it was kept although it differs; empty where it does not
    taken_by uuid not null,
    taken_at timestamptz not null,
    arrived_at timestamptz, -- since when the photo store has the picture, whole
    removed_by uuid,
    removed_at timestamptz,
    removed_text text, -- the reason
    primary key (clinic_id, id),
    foreign key (clinic_id, client_id) references client,
    foreign key (clinic_id, session_id) references session,
    check ((removed_by is null) = (removed_at is null) and (removed_by is null) = (removed_text is null))
);
create index photo_client on photo (clinic_id, client_id);
create index photo_session on photo (clinic_id, session_id);

-- What the photo store holds of a photograph that has arrived.
create table photo_file (
    clinic_id uuid not null,
    photo_id uuid not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'), -- another one than the photograph's where the picture had to be drawn anew
    bytes integer not null,
    thumbnail_bytes integer not null,
    primary key (clinic_id, photo_id),
    foreign key (clinic_id, photo_id) references photo
);

create table photo_mark (
    clinic_id uuid not null,
    id uuid not null,
    client_id uuid not null,
    photo_id uuid not null,
    position integer not null,
    x integer not null, -- ten-thousandths of the picture's width, from its left upper corner
    y integer not null,
    radius integer not null,
    written_by uuid not null,
    written_at timestamptz not null,
    text text not null,
    primary key (clinic_id, id),
    foreign key (clinic_id, photo_id) references photo
);
create index photo_mark_client on photo_mark (clinic_id, client_id);

-- Why photographs that were due were not taken.
create table photo_skip (
    clinic_id uuid not null,
    session_id uuid not null,
    client_id uuid not null,
    written_by uuid not null,
    written_at timestamptz not null,
    text text not null,
    primary key (clinic_id, session_id),
    foreign key (clinic_id, session_id) references session
);
create index photo_skip_client on photo_skip (clinic_id, client_id);

-- Before-and-after pictures for people outside the clinic.
create table photo_share (
    clinic_id uuid not null,
    id uuid not null,
    client_id uuid not null,
    position integer not null, -- order within the chart
    token text not null check (token ~ '^[0-9a-f]{32}$'), -- what the address ends in
    before_id uuid not null,
    after_id uuid not null,
    scope text not null, -- of the photo consent
    form_id uuid not null, -- the signature it was made under
    signed_at timestamptz not null,
    shared_by uuid not null,
    shared_at timestamptz not null,
    revoked_by uuid,
    revoked_at timestamptz,
    revoked_text text, -- the reason
    primary key (clinic_id, id),
    foreign key (clinic_id, client_id) references client,
    foreign key (clinic_id, before_id) references photo (clinic_id, id),
    foreign key (clinic_id, after_id) references photo (clinic_id, id)
);
create unique index photo_share_token on photo_share (token);
create index photo_share_client on photo_share (clinic_id, client_id);

do $$
declare
    name text;
begin
    foreach name in array array['view_set', 'package_view_set', 'photo', 'photo_file', 'photo_mark', 'photo_skip'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy own_clinic on %I using (clinic_id = cadence_clinic())', name);
        execute format('grant select, insert on %I to cadence_app', name);
    end loop;
end
$$;

-- Looked into before anybody has a clinic: the one row whose token was presented.
alter table photo_share enable row level security;
alter table photo_share force row level security;
create policy own_clinic_or_presented on photo_share using (
    clinic_id = nullif(current_setting('cadence.clinic_id', true), '')::uuid
    or token = nullif(current_setting('cadence.share_token', true), ''))
    with check (clinic_id = cadence_clinic());
grant select, insert on photo_share to cadence_app;
grant update (revoked_by, revoked_at, revoked_text) on photo_share to cadence_app;

grant update on view_set to cadence_app;
grant delete on package_view_set to cadence_app;
grant update (arrived_at, removed_by, removed_at, removed_text) on photo to cadence_app;
grant delete on photo_mark to cadence_app;

