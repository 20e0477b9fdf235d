-- Series, bookings, money and consent: rooms and devices are booked, sessions in parts, payments are noted, and what a
-- client agreed to is kept as it was signed.

-- The owner looks at all clinics for this once.
alter table appointment no force row level security;
alter table device no force row level security;
alter table delivery no force row level security;
alter table opening_hours no force row level security;
alter table plan no force row level security;
alter table plan_procedure no force row level security;
alter table session no force row level security;

create table room (
    clinic_id uuid not null references clinic,
    id uuid not null,
    name text not null,
    retired boolean not null default false, -- no longer booked; old bookings still name it
    version integer not null default 1, -- raised by every edit; an edit names the one it saw
    primary key (clinic_id, id)
);

-- A session may be booked in parts, each with a room and a device of its own.
alter table appointment
    add column room_id uuid,
    add column device_id uuid,
    add column procedures uuid[] not null default '{}', -- what is held then; empty is the whole session
    add column despite text, -- why it was booked in spite of a spacing concern
    add column arrived_at timestamptz, -- when the client checked in
    drop constraint appointment_clinic_id_session_id_key,
    add foreign key (clinic_id, room_id) references room,
    add foreign key (clinic_id, device_id) references device,
    add constraint room_free exclude using gist (clinic_id with =, room_id with =, tstzrange(starts_at, ends_at) with &&),
    add constraint device_free exclude using gist (clinic_id with =, device_id with =, tstzrange(starts_at, ends_at) with &&);
create index appointment_session on appointment (clinic_id, session_id);

alter table past_booking
    add column room_id uuid,
    add column device_id uuid,
    add column procedures uuid[] not null default '{}',
    add column despite text,
    add column arrived_at timestamptz;

-- Breaks: several spans on one day.
alter table opening_hours drop constraint opening_hours_pkey;
alter table opening_hours add primary key (clinic_id, weekday, opens);

-- Who does not work whenever the clinic is open. Weekday -1 without hours says that somebody has hours of their own.
create table staff_hours (
    clinic_id uuid not null,
    staff_id uuid not null,
    weekday smallint not null check (weekday between -1 and 6), -- Monday is 0
    opens smallint not null check (opens between 0 and 1440), -- minutes after midnight, on the clinic's clock
    closes smallint not null check (closes <= 1440),
    primary key (clinic_id, staff_id, weekday, opens),
    foreign key (clinic_id, staff_id) references staff,
    check (closes > opens or weekday = -1)
);

-- With which kind of device a procedure is done; null: nobody said.
alter table package_procedure add column template_id uuid;
alter table plan_procedure add column template_id uuid;

-- Never twice: each procedure of a session is delivered in one visit. Until now a session was delivered whole.
alter table delivery
    add column procedure_id uuid, -- nil where the plan names none
    drop constraint delivery_pkey;
update delivery d set procedure_id = coalesce(
    (select p.id from session s join plan_procedure p on p.clinic_id = s.clinic_id and p.plan_id = s.plan_id
     where s.clinic_id = d.clinic_id and s.id = d.session_id order by p.position limit 1),
    '00000000-0000-0000-0000-000000000000');
insert into delivery (clinic_id, session_id, visit_id, procedure_id)
    select d.clinic_id, d.session_id, d.visit_id, p.id
    from delivery d
    join session s on s.clinic_id = d.clinic_id and s.id = d.session_id
    join plan_procedure p on p.clinic_id = s.clinic_id and p.plan_id = s.plan_id and p.id <> d.procedure_id;
alter table delivery add primary key (clinic_id, session_id, procedure_id);

alter table treatment add column procedure_id uuid; -- which of the session's procedures it performs; null is all of them
alter table signed_session add column despite text; -- why it was done in spite of a spacing concern
-- The charting it holds delivered what the signed one left for another day.
alter table addendum add column delivers boolean not null default false;

-- Paid before payments were noted here. Plans sold until now are taken as paid, less what was given back: refunds are
-- events and stay.
alter table plan add column paid_before_minor bigint not null default 0;
update plan set paid_before_minor = price_minor;

-- What became of things delivered that no payment covers.
create table settlement (
    clinic_id uuid not null,
    client_id uuid not null,
    position integer not null, -- order within the chart
    item jsonb not null, -- which session, treatment or addendum
    charged_minor bigint not null check (charged_minor >= 0), -- elsewhere; 0 where it was let go
    written_by uuid not null,
    written_at timestamptz not null,
    text text not null, -- the reason
    primary key (clinic_id, client_id, position),
    foreign key (clinic_id, client_id) references client,
    unique (clinic_id, client_id, item)
);

alter table clinic
    add column maintenance_percent smallint not null default 15 check (maintenance_percent between 15 and 20);

-- Days that should lie between two kinds of treatment of the same skin.
create table spacing_rule (
    clinic_id uuid not null references clinic,
    position integer not null,
    earlier_id uuid not null, -- template
    later_id uuid not null, -- template
    region text, -- only there; null is everywhere
    days smallint not null check (days > 0),
    primary key (clinic_id, position)
);

create table consent_form (
    clinic_id uuid not null references clinic,
    id uuid not null,
    kind text not null check (kind in ('Treatment', 'Photo')),
    name text not null,
    draft text[] not null check (cardinality(draft) = 6), -- the six elements as they stand for the next version
    retired boolean not null default false, -- no longer asked for
    edits integer not null default 1, -- raised by every edit; an edit names the one it saw
    primary key (clinic_id, id)
);

-- Rows are only ever added. A version that lacks one of the six elements cannot be.
create table consent_version (
    clinic_id uuid not null,
    form_id uuid not null,
    number integer not null check (number > 0),
    elements text[] not null,
    material boolean not null, -- who signed an earlier one is asked to sign again
    published_at timestamptz not null,
    published_by uuid not null,
    primary key (clinic_id, form_id, number),
    foreign key (clinic_id, form_id) references consent_form,
    foreign key (clinic_id, published_by) references staff,
    check (cardinality(elements) = 6),
    check (elements[1] ~ '\S' and elements[2] ~ '\S' and elements[3] ~ '\S' and elements[4] ~ '\S' and elements[5] ~ '\S' and elements[6] ~ '\S')
);

-- Which forms a series of this package asks for.
create table package_consent (
    clinic_id uuid not null,
    package_id uuid not null,
    form_id uuid not null,
    position integer not null,
    primary key (clinic_id, package_id, form_id),
    foreign key (clinic_id, package_id) references package,
    foreign key (clinic_id, form_id) references consent_form
);

-- That somebody signed.
create table consent (
    clinic_id uuid not null,
    client_id uuid not null,
    position integer not null, -- order within the chart
    form_id uuid not null,
    version integer not null,
    plan_id uuid, -- the series; null for photographs
    signer text, -- who signed, if not the client
    witnessed_by uuid not null,
    signed_at timestamptz not null,
    photo jsonb, -- scopes and the last day, for photographs
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    withdrawn_text text, -- the reason
    primary key (clinic_id, client_id, position),
    foreign key (clinic_id, client_id) references client,
    foreign key (clinic_id, form_id, version) references consent_version,
    foreign key (clinic_id, plan_id) references plan
);
-- However many sign at once, one signature is left.
create unique index consent_once on consent (clinic_id, plan_id, form_id, version) where withdrawn_at is null and plan_id is not null;

-- The document as it was signed: these bytes, for ever.
create table consent_document (
    clinic_id uuid not null,
    client_id uuid not null,
    form_id uuid not null,
    signed_at timestamptz not null,
    sha256 bytea not null check (sha256 = sha256(body)),
    body bytea not null, -- PDF
    primary key (clinic_id, client_id, form_id, signed_at)
);
alter table consent_document alter column body set storage external;

do $$
declare
    name text;
begin
    foreach name in array array['room', 'staff_hours', 'settlement', 'spacing_rule', 'consent_form', 'consent_version', 'package_consent',
        'consent', 'consent_document'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy own_clinic on %I using (clinic_id = cadence_clinic())', name);
        execute format('grant select, insert on %I to cadence_app', name);
    end loop;
end
$$;
grant update on room, consent_form to cadence_app;
grant update (withdrawn_by, withdrawn_at, withdrawn_text) on consent to cadence_app;
grant delete on staff_hours, spacing_rule, package_consent to cadence_app;

alter table appointment force row level security;
alter table device force row level security;
alter table delivery force row level security;
alter table opening_hours force row level security;
alter table plan force row level security;
alter table plan_procedure force row level security;
alter table session force row level security;
