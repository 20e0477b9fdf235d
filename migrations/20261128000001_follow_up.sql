-- Following up: what clients are told between the sessions of a series, what became of it, and whom a person calls.

-- What a clinic sends. One row for each.
create table follow_up_policy (
    clinic_id uuid primary key references clinic,
    followed_since timestamptz not null, -- nothing that was due before is sent, whatever history was brought along
    policies jsonb, -- domain::follow_up::policy::Policies; null: nobody has edited them, and the usual ones hold
    version integer not null default 0, -- raised by every edit
    edited_by uuid, -- of the staff
    edited_at timestamptz,
    check ((policies is null) = (edited_at is null) and (edited_by is null) = (edited_at is null))
);

-- When a clinic is to be looked at next. Kept apart because it is read before the servers know which clinics there are: it names
-- nobody. Always the last row a transaction locks, so that no two of them wait for each other.
create table follow_up_due (
    clinic_id uuid primary key references clinic,
    next_at timestamptz -- null: nothing is waiting
);

-- When a chart is to be planned anew although nobody changes it: never planned yet (-infinity), the policies were edited
-- (-infinity), or a booking nobody says anything about counts as missed from then on. Null: not before somebody changes it.
create table follow_up_chart (
    clinic_id uuid not null,
    client_id uuid not null,
    replan_at timestamptz,
    primary key (clinic_id, client_id),
    foreign key (clinic_id, client_id) references client
);
create index follow_up_chart_replan on follow_up_chart (clinic_id, replan_at) where replan_at is not null;

-- How often a plan was booked. A message that asks to book is sent while this row is locked for share, a booking raises it: so one
-- comes after the other, and the later one knows.
create table plan_epoch (
    clinic_id uuid not null,
    plan_id uuid not null,
    epoch bigint not null default 0,
    primary key (clinic_id, plan_id),
    foreign key (clinic_id, plan_id) references plan
);

-- The touches of each plan: this is the schedule, and the history. Nothing is ever deleted.
create table touch (
    clinic_id uuid not null,
    id uuid not null,
    client_id uuid not null,
    plan_id uuid not null,
    session_id uuid not null, -- the one that was delivered; of what asks to book, the one that is to be booked
    kind text not null, -- domain::follow_up::kind::Kind
    appointment timestamptz, -- of an appointment's reminder the booked time; of what asks to book, the appointment that was missed
    retry_of uuid, -- the same once more by another channel, because of that one nothing arrived or nobody knows
    channel text check (channel in ('Email', 'Sms')), -- of a retry; null: as the policy says
    due_at timestamptz not null,
    expires_at timestamptz, -- from then on it makes no sense any more; null: it always does
    day_0 date, -- of what asks to book: when the lapse begins that it is to prevent or to end
    rung smallint check (rung between 1 and 4), -- which of the four touches of a lapse; null: it does not count among them
    epoch bigint not null, -- its plan's when it was last planned
    state text not null check (state in ('planned', 'claimed', 'attempted', 'accepted', 'delivered', 'bounced', 'suppressed', 'merged',
        'expired', 'failed', 'uncertain')),
    since timestamptz not null, -- when it came to be so
    why jsonb, -- domain::follow_up::touch_state::Why, of one that is suppressed
    merged_into uuid, -- the touch that says it as well, of one that is merged
    look_at timestamptz, -- when a server is to look at it next; null: never again
    tried_at timestamptz, -- when it was handed to a carrier, or may have been
    accepted_at timestamptz, -- when a carrier had it; of a flag, when it came to the call list
    primary key (clinic_id, id),
    foreign key (clinic_id, client_id) references client,
    foreign key (clinic_id, plan_id) references plan_epoch,
    foreign key (clinic_id, session_id) references session,
    foreign key (clinic_id, retry_of) references touch,
    check ((retry_of is null) = (channel is null)),
    check (state <> 'planned' or look_at is not null),
    check ((state = 'suppressed') = (why is not null))
);
-- A touch is there once, and is retried once.
create unique index touch_once on touch (clinic_id, plan_id, session_id, kind, appointment) nulls not distinct where retry_of is null;
create unique index touch_retried_once on touch (clinic_id, retry_of) where retry_of is not null;
-- Each rung of a lapse is gone up once, whatever anybody planned.
create unique index touch_rung_once on touch (clinic_id, plan_id, session_id, day_0, rung)
    where rung is not null and retry_of is null and state in ('attempted', 'accepted', 'delivered', 'bounced', 'uncertain');
create index touch_look on touch (clinic_id, look_at) where look_at is not null;
create index touch_client on touch (clinic_id, client_id);
create index touch_plan on touch (clinic_id, plan_id);

-- Every state a touch was in, with its time and reason.
create table touch_step (
    clinic_id uuid not null,
    touch_id uuid not null,
    number smallint not null, -- 1, 2, 3 …
    state text not null,
    at timestamptz not null,
    why jsonb,
    due_at timestamptz not null, -- when it was due at that time
    primary key (clinic_id, touch_id, number),
    foreign key (clinic_id, touch_id) references touch
);

create function keep_touch_step() returns trigger
    language plpgsql as $$
begin
    if tg_op = 'INSERT' or (old.state, old.due_at) <> (new.state, new.due_at) then
        insert into touch_step (clinic_id, touch_id, number, state, at, why, due_at)
            select new.clinic_id, new.id, coalesce(max(number), 0) + 1, new.state, new.since, new.why, new.due_at
            from touch_step where clinic_id = new.clinic_id and touch_id = new.id;
    end if;
    return null;
end
$$;
create trigger touch_step_kept after insert or update of state, due_at on touch
    for each row execute function keep_touch_step();

-- One try to hand a touch to a carrier. Written before the try, so that a server that ends in the midst leaves a trace.
create table attempt (
    clinic_id uuid not null,
    token uuid not null, -- what the carrier is told, and tells back
    touch_id uuid not null,
    channel text not null check (channel in ('Email', 'Sms')),
    server uuid not null, -- the process that tried
    started_at timestamptz not null,
    -- withheld: nothing was handed over after all; unknown: nobody can say
    outcome text check (outcome in ('accepted', 'refused', 'opted_out', 'later', 'withheld', 'unknown')), -- null: it is being tried
    answer text, -- the carrier's, in its words; never what was written
    carrier_id text, -- the carrier's own number for it
    finished_at timestamptz,
    primary key (clinic_id, token),
    foreign key (clinic_id, touch_id) references touch,
    check ((outcome is null) = (finished_at is null))
);
-- Not led by clinic_id: a carrier that tells what became of it knows no clinic.
create unique index attempt_token on attempt (token);
create index attempt_touch on attempt (clinic_id, touch_id);

-- What was written, and by which try it went. At most one for each. The owner looks at all clinics for this once.
alter table message no force row level security;
alter table message
    add column subject text not null default '', -- of an e-mail
    add column attempt uuid, -- null: not of a series
    add foreign key (clinic_id, attempt) references attempt;
create unique index message_attempt on message (clinic_id, attempt) where attempt is not null;
alter table message force row level security;

-- Since when a client is not to get any SMS, because of STOP; null: she may.
alter table message_choice add column stopped_at timestamptz;

-- What people did about a plan on the call list. Only ever added to. The entry itself is the touch of kind flag.
create table call_step (
    clinic_id uuid not null,
    touch_id uuid not null,
    number smallint not null, -- 1, 2, 3 …
    client_id uuid not null,
    plan_id uuid not null,
    made_by uuid not null,
    made_at timestamptz not null,
    what jsonb not null, -- domain::follow_up::call_list::Action
    note text not null,
    primary key (clinic_id, touch_id, number),
    foreign key (clinic_id, touch_id) references touch,
    foreign key (clinic_id, made_by) references staff
);
create index call_step_client on call_step (clinic_id, client_id);

-- The clock of the server that writes, where it said so.
create function cadence_now() returns timestamptz
    language sql stable
    return coalesce(nullif(current_setting('cadence.now', true), '')::timestamptz, now());

-- A booking ends what asks for one, in its own transaction. No path can skip it.
create function end_nudges() returns trigger
    language plpgsql as $$
declare
    booked_plan uuid;
begin
    select plan_id into booked_plan from session where clinic_id = new.clinic_id and id = new.session_id;
    -- Waits for whoever is just sending, and whoever sends later waits for this.
    insert into plan_epoch (clinic_id, plan_id, epoch) values (new.clinic_id, booked_plan, 1)
        on conflict (clinic_id, plan_id) do update set epoch = plan_epoch.epoch + 1;
    perform from touch where clinic_id = new.clinic_id and plan_id = booked_plan and state in ('planned', 'claimed') order by id for update;
    update touch set state = 'suppressed', since = cadence_now(), look_at = null,
        why = jsonb_build_object('Booked', jsonb_build_object('starts', (extract(epoch from new.starts_at) * 1000)::bigint))
        where clinic_id = new.clinic_id and plan_id = booked_plan and state in ('planned', 'claimed')
            and kind in ('rebooking_prompt', 'reminder', 'recovery_soft', 'recovery_value', 'recovery_last', 'flag');
    return null;
end
$$;
create trigger nudges_end after insert on appointment
    for each row execute function end_nudges();

-- A series that was sold is to be planned, by whichever path it came.
create function ask_for_planning() returns trigger
    language plpgsql as $$
begin
    insert into plan_epoch (clinic_id, plan_id) values (new.clinic_id, new.id) on conflict do nothing;
    insert into follow_up_chart (clinic_id, client_id, replan_at) values (new.clinic_id, new.client_id, '-infinity')
        on conflict (clinic_id, client_id) do update set replan_at = '-infinity';
    return null;
end
$$;
create trigger planning_asked_for after insert on plan
    for each row execute function ask_for_planning();

-- Who chooses which messages to get waits for a message that is just going out, and the next one knows.
create function choice_waits() returns trigger
    language plpgsql as $$
begin
    perform from client where clinic_id = new.clinic_id and id = new.client_id for no key update;
    return new;
end
$$;
create trigger choice_waits before insert or update on message_choice
    for each row execute function choice_waits();

-- The owner looks at all clinics for this once. What is due from now on is sent; nothing of before.
alter table clinic no force row level security;
alter table plan no force row level security;
insert into follow_up_policy (clinic_id, followed_since) select clinic_id, now() from clinic;
insert into follow_up_due (clinic_id, next_at) select clinic_id, '-infinity' from clinic;
insert into plan_epoch (clinic_id, plan_id) select clinic_id, id from plan;
insert into follow_up_chart (clinic_id, client_id, replan_at) select distinct clinic_id, client_id, timestamptz '-infinity' from plan;
alter table clinic force row level security;
alter table plan force row level security;

do $$
declare
    name text;
begin
    foreach name in array array['follow_up_policy', 'follow_up_chart', 'plan_epoch', 'touch', 'touch_step', 'attempt', 'call_step'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy own_clinic on %I using (clinic_id = cadence_clinic())', name);
        execute format('grant select, insert on %I to cadence_app', name);
    end loop;
end
$$;
grant update (policies, version, edited_by, edited_at) on follow_up_policy to cadence_app;
grant update (replan_at) on follow_up_chart to cadence_app;
grant update (epoch) on plan_epoch to cadence_app;
grant update (due_at, expires_at, day_0, rung, epoch, state, since, why, merged_into, look_at, tried_at, accepted_at) on touch to cadence_app;
grant update (outcome, answer, carrier_id, finished_at) on attempt to cadence_app;

alter table follow_up_due enable row level security;
alter table follow_up_due force row level security;
create policy own_clinic_or_every_clinic on follow_up_due using (
    clinic_id = nullif(current_setting('cadence.clinic_id', true), '')::uuid
    or current_setting('cadence.every_clinic_due', true) = 'on')
    with check (clinic_id = cadence_clinic());
grant select, insert on follow_up_due to cadence_app;
grant update (next_at) on follow_up_due to cadence_app;
