-- When the clinic is open, and a diary in which nobody is in two places at once.

create extension if not exists btree_gist;

-- No row for a weekday: closed. No rows at all: nobody has said, and nothing is refused for it.
create table opening_hours (
    clinic_id uuid not null references clinic,
    weekday smallint not null check (weekday between 0 and 6), -- Monday is 0
    opens smallint not null check (opens between 0 and 1440), -- minutes after midnight, on the clinic's clock
    closes smallint not null,
    primary key (clinic_id, weekday),
    check (closes > opens and closes <= 1440)
);

-- Holidays.
create table closure (
    clinic_id uuid not null references clinic,
    day date not null,
    primary key (clinic_id, day)
);

alter table appointment
    add column client_id uuid,
    add column ends_at timestamptz;
alter table appointment no force row level security;
alter table session no force row level security;
update appointment a set
    ends_at = a.starts_at + make_interval(mins => a.minutes),
    client_id = s.client_id
    from session s where s.clinic_id = a.clinic_id and s.id = a.session_id;
alter table appointment force row level security;
alter table session force row level security;
alter table appointment
    alter column client_id set not null,
    alter column ends_at set not null,
    add check (ends_at > starts_at),
    -- Whoever is first has the time; the other is told so, whatever the race.
    add constraint provider_free exclude using gist (clinic_id with =, provider_id with =, tstzrange(starts_at, ends_at) with &&),
    add constraint client_free exclude using gist (clinic_id with =, client_id with =, tstzrange(starts_at, ends_at) with &&);
create index appointment_client on appointment (clinic_id, client_id);

-- Bookings that were moved, cancelled or not kept. Only ever added to.
create table past_booking (
    clinic_id uuid not null,
    session_id uuid not null,
    position integer not null, -- order within the session
    client_id uuid not null,
    appointment_id uuid not null,
    provider_id uuid not null,
    starts_at timestamptz not null,
    minutes smallint not null,
    ended text not null check (ended in ('Moved', 'Cancelled', 'NoShow')),
    written_by uuid not null,
    written_at timestamptz not null,
    text text not null, -- the reason; empty for a move
    primary key (clinic_id, session_id, position),
    foreign key (clinic_id, session_id) references session
);
create index past_booking_client on past_booking (clinic_id, client_id);

do $$
declare
    name text;
begin
    foreach name in array array['opening_hours', 'closure', 'past_booking'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy own_clinic on %I using (clinic_id = cadence_clinic())', name);
        execute format('grant select, insert on %I to cadence_app', name);
    end loop;
end
$$;
grant delete on appointment, opening_hours, closure to cadence_app;
