-- What is sold, and what becomes of it.

alter table package
    add column retired boolean not null default false, -- no longer sold; plans sold before keep their terms
    add column version integer not null default 1; -- raised by every edit; an edit names the one it saw

-- What one session of a package consists of.
create table package_procedure (
    clinic_id uuid not null,
    package_id uuid not null,
    id uuid not null,
    position integer not null, -- order within the session
    name text not null,
    minutes smallint not null check (minutes > 0), -- how long it is booked for
    primary key (clinic_id, package_id, id),
    foreign key (clinic_id, package_id) references package
);

alter table plan
    add column sold_by uuid; -- null: was there before anybody noted it

-- The terms of a plan, as they were when it was sold.
create table plan_procedure (
    clinic_id uuid not null,
    plan_id uuid not null,
    id uuid not null,
    client_id uuid not null,
    position integer not null, -- order within the session
    name text not null,
    minutes smallint not null check (minutes > 0),
    primary key (clinic_id, plan_id, id),
    foreign key (clinic_id, plan_id) references plan
);
create index plan_procedure_client on plan_procedure (clinic_id, client_id);

-- What became of a plan after its sale. Only ever added to.
create table plan_event (
    clinic_id uuid not null,
    id uuid not null,
    plan_id uuid not null,
    client_id uuid not null,
    position integer not null, -- order within the plan
    action jsonb not null, -- paused, resumed, extended by which sessions, ended, refunded how much
    written_by uuid not null,
    written_at timestamptz not null,
    text text not null, -- the reason
    primary key (clinic_id, id),
    foreign key (clinic_id, plan_id) references plan
);
create index plan_event_client on plan_event (clinic_id, client_id);

-- Until now a session was one procedure, named like its package. The owner looks at all clinics for this once.
alter table package no force row level security;
alter table plan no force row level security;
insert into package_procedure (clinic_id, package_id, id, position, name, minutes)
    select clinic_id, id, id, 0, name, 45 from package;
insert into plan_procedure (clinic_id, plan_id, id, client_id, position, name, minutes)
    select clinic_id, id, package_id, client_id, 0, name, 45 from plan;
alter table package force row level security;
alter table plan force row level security;

do $$
declare
    name text;
begin
    foreach name in array array['package_procedure', 'plan_procedure', 'plan_event'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy own_clinic on %I using (clinic_id = cadence_clinic())', name);
        execute format('grant select, insert on %I to cadence_app', name);
    end loop;
end
$$;
grant update, delete on package_procedure to cadence_app;
