-- The numbers: what can be said of series, touches and money, derived anew whenever somebody asks. What is counted is said once, in
-- these functions; all of them see only what row-level security lets their caller see.

-- When the clinic's server learned of a booking, by its own clock: a device may have made it long before. Only ever added to.
create table booking_heard (
    clinic_id uuid not null,
    appointment_id uuid not null,
    session_id uuid not null, -- the session it is for
    heard_at timestamptz not null, -- the first time; a booking that is moved keeps it
    primary key (clinic_id, appointment_id),
    foreign key (clinic_id, session_id) references session
);
create index booking_heard_session on booking_heard (clinic_id, session_id);
alter table booking_heard enable row level security;
alter table booking_heard force row level security;
create policy own_clinic on booking_heard using (clinic_id = cadence_clinic());
grant select, insert on booking_heard to cadence_app;

create function hear_of_booking() returns trigger
    language plpgsql as $$
begin
    insert into booking_heard (clinic_id, appointment_id, session_id, heard_at)
        values (new.clinic_id, new.id, new.session_id, cadence_now()) on conflict do nothing;
    return null;
end
$$;
create trigger booking_heard_of after insert on appointment
    for each row execute function hear_of_booking();

create index plan_sold_on on plan (clinic_id, sold_on);
create index plan_event_plan on plan_event (clinic_id, plan_id);
create index session_plan on session (clinic_id, plan_id);
create index touch_due_at on touch (clinic_id, due_at) where retry_of is null;
create index touch_lapse on touch (clinic_id, plan_id, session_id) where day_0 is not null;
create index touch_flag on touch (clinic_id, accepted_at) where kind = 'flag' and state = 'accepted';
create index attempt_accepted on attempt (clinic_id, touch_id, channel) where outcome = 'accepted';

-- When something got its id; null: the id does not tell (it is no UUIDv7).
create function time_of_id(id uuid) returns timestamptz
    language sql immutable parallel safe
    return case when substr(id::text, 15, 1) = '7'
        then to_timestamp(('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint / 1000.0) end;

-- Each session of each series: whether it came on top of what was sold, what it is worth (the plan's price in equal parts, what does not
-- divide falls on the last ones), and when the visit was in which it was delivered: at its booked time, or when it was signed. Null: not yet.
create function numbers_session(of_clinic uuid)
    returns table (plan_id uuid, session_id uuid, number integer, is_added boolean, worth_minor bigint, visited_at timestamptz)
    language sql stable as $$
    with added as (
        select item.id::uuid as session_id, item.place, jsonb_array_length(list.sessions) as of_all,
            coalesce((event.action -> 'Maintain' ->> 'price_minor')::bigint, 0) as price_minor
        from plan_event event
        cross join lateral (
            select coalesce(event.action -> 'Extend' -> 'sessions', event.action -> 'Maintain' -> 'sessions') as sessions
        ) list
        cross join lateral jsonb_array_elements_text(list.sessions) with ordinality as item (id, place)
        where event.clinic_id = $1
    ), visit as (
        select distinct on (delivery.session_id) delivery.session_id, delivery.visit_id
        from delivery join session visit on visit.clinic_id = delivery.clinic_id and visit.id = delivery.visit_id
        where delivery.clinic_id = $1
        order by delivery.session_id, visit.position
    ), seen as (
        -- Who is treated up to an hour before the booked time is treated at it.
        select visit.session_id, least(signed.signed_at, max(held.starts_at)) as visited_at
        from visit
        join signed_session signed on signed.clinic_id = $1 and signed.session_id = visit.visit_id
        left join appointment held on held.clinic_id = $1 and held.session_id = visit.visit_id
            and held.starts_at <= signed.signed_at + interval '1 hour'
        group by visit.session_id, signed.signed_at
    ), placed as (
        select session.plan_id, session.id, session.number, added.session_id is not null as is_added, added.place as added_place,
            added.of_all, added.price_minor as added_minor, plan.price_minor,
            row_number() over (partition by session.plan_id, added.session_id is null order by session.number) as place,
            count(*) over (partition by session.plan_id, added.session_id is null) as sold
        from session
        join plan on plan.clinic_id = session.clinic_id and plan.id = session.plan_id
        left join added on added.session_id = session.id
        where session.clinic_id = $1
    )
    select placed.plan_id, placed.id, placed.number::integer, placed.is_added,
        case when placed.is_added
            then placed.added_minor * placed.added_place / placed.of_all - placed.added_minor * (placed.added_place - 1) / placed.of_all
            else placed.price_minor * placed.place / placed.sold - placed.price_minor * (placed.place - 1) / placed.sold end,
        seen.visited_at
    from placed left join seen on seen.session_id = placed.id
$$;

-- Each series: how many sessions were sold with it and how many of those are delivered, what is not delivered of all of them and worth
-- how much, what was given back, how it stands, and why it is listed apart: stopped for the skin's sake, refunded, or transferred.
create function numbers_plan(of_clinic uuid)
    returns table (plan_id uuid, client_id uuid, package_id uuid, name text, sold_on date, interval_days integer, price_minor bigint,
        sold integer, delivered integer, stranded_minor bigint, refunded_minor bigint, is_over boolean, is_paused boolean, apart text)
    language sql stable as $$
    with tally as (
        select plan_id, count(*) filter (where not is_added) as sold, count(visited_at) filter (where not is_added) as delivered,
            coalesce(sum(worth_minor) filter (where visited_at is null), 0) as left_minor
        from numbers_session($1) group by plan_id
    ), became as (
        select plan_id, bool_or(action = '"Void"') as is_void, bool_or(action ? 'Transfer') as is_transferred,
            coalesce(sum((action -> 'Refund' ->> 'minor')::bigint), 0) as refunded_minor,
            coalesce((array_agg(action ? 'Freeze' order by position desc) filter (where action ? 'Freeze' or action = '"Resume"'))[1], false)
                as is_paused
        from plan_event where clinic_id = $1 group by plan_id
    ), concern as (
        select session.plan_id from session
        join signed_session signed on signed.clinic_id = session.clinic_id and signed.session_id = session.id
        where session.clinic_id = $1 and signed.adverse_grade >= 2
        union
        select session.plan_id from session
        join addendum on addendum.clinic_id = session.clinic_id and addendum.session_id = session.id
        where session.clinic_id = $1 and (addendum.record -> 'response' -> 'adverse' ->> 'grade')::integer >= 2
        union
        select session.plan_id from session
        join client_report told on told.clinic_id = session.clinic_id and told.session_id = session.id
        where session.clinic_id = $1 and told.worried
    )
    select plan.id, plan.client_id, plan.package_id, plan.name, plan.sold_on, plan.interval_days::integer, plan.price_minor,
        tally.sold::integer, tally.delivered::integer,
        case when became.is_void or became.is_transferred then 0 else tally.left_minor end::bigint,
        coalesce(became.refunded_minor, 0)::bigint, coalesce(became.is_void or became.is_transferred, false), coalesce(became.is_paused, false),
        case when became.is_void and concern.plan_id is not null then 'stopped'
            when became.refunded_minor > 0 then 'refunded'
            when became.is_transferred then 'transferred' end
    from plan
    join tally on tally.plan_id = plan.id
    left join became on became.plan_id = plan.id
    left join concern on concern.plan_id = plan.id
    where plan.clinic_id = $1
$$;

-- Each booking of a session, for as long as it stood at that time: from when it was made or moved there until it was moved away,
-- cancelled or missed; to infinity where it still stands.
create function numbers_booking(of_clinic uuid)
    returns table (session_id uuid, appointment_id uuid, starts_at timestamptz, made_at timestamptz, ended_at timestamptz)
    language sql stable as $$
    select past.session_id, past.appointment_id, past.starts_at,
        coalesce(lag(past.written_at) over (partition by past.appointment_id order by past.position), time_of_id(past.appointment_id), '-infinity'),
        past.written_at
    from past_booking past where past.clinic_id = $1
    union all
    select booked.session_id, booked.id, booked.starts_at, coalesce(moved.at, time_of_id(booked.id), '-infinity'), 'infinity'
    from appointment booked
    left join (
        select appointment_id, max(written_at) as at from past_booking where clinic_id = $1 and ended = 'Moved' group by appointment_id
    ) moved on moved.appointment_id = booked.id
    where booked.clinic_id = $1
$$;

-- Each lapse: the window of a session was missed with nothing booked, while the series went on. Since the clinic follows up; what was
-- missed before is not counted, because of it only what was never booked again is known. With the first booking after it, the visit if
-- there was one, the first call, and the touches that had reached the client by then, the highest rung last.
create function numbers_lapse(of_clinic uuid, today timestamptz)
    returns table (plan_id uuid, session_id uuid, day_0 date, opened_at timestamptz, booked_at timestamptz, visited_at timestamptz,
        called_at timestamptz, rungs smallint[])
    language sql stable as $$
    with gap as (
        -- The touches of one gap are about one session and one missed appointment, or none.
        select touch.plan_id, touch.session_id, coalesce(touch.appointment, '-infinity') as missed, max(touch.day_0) as day_0
        from touch where touch.clinic_id = $1 and touch.day_0 is not null
        group by 1, 2, 3
    ), lapse as (
        select gap.plan_id, gap.session_id, gap.day_0, array_agg(gap.missed) as missed,
            gap.day_0::timestamp at time zone clinic.zone as opened_at, clinic.zone
        from gap
        join clinic on clinic.clinic_id = $1
        join follow_up_policy policy on policy.clinic_id = $1
        where gap.day_0 >= (policy.followed_since at time zone clinic.zone)::date
            and gap.day_0 <= ($2 at time zone clinic.zone)::date
        group by gap.plan_id, gap.session_id, gap.day_0, clinic.zone
    ), booking as (
        select * from numbers_booking($1)
    ), open as (
        select lapse.*, seen.visited_at
        from lapse
        join numbers_session($1) seen on seen.session_id = lapse.session_id
        where (seen.visited_at is null or seen.visited_at >= lapse.opened_at)
            and not exists (
                select from booking where booking.session_id = lapse.session_id
                    and booking.made_at < lapse.opened_at and booking.ended_at >= lapse.opened_at
                    and (booking.starts_at at time zone lapse.zone)::date > lapse.day_0 - 2
                    and booking.starts_at <> all (lapse.missed))
            and not exists (
                select from plan_event event where event.clinic_id = $1 and event.plan_id = lapse.plan_id
                    and event.written_at < lapse.opened_at and (event.action = '"Void"' or event.action ? 'Transfer'))
            and not coalesce((
                select event.action ? 'Freeze' from plan_event event where event.clinic_id = $1 and event.plan_id = lapse.plan_id
                    and event.written_at < lapse.opened_at and (event.action ? 'Freeze' or event.action = '"Resume"')
                order by event.position desc limit 1), false)
    ), closed as (
        select open.*, again.made_at as booked_at
        from open
        left join (
            select open.session_id, open.day_0, min(booking.made_at) as made_at
            from open join booking on booking.session_id = open.session_id and booking.made_at >= open.opened_at
            group by 1, 2
        ) again on again.session_id = open.session_id and again.day_0 = open.day_0
    )
    select closed.plan_id, closed.session_id, closed.day_0, closed.opened_at, closed.booked_at, closed.visited_at,
        (select min(step.made_at) from call_step step
            join touch flag on flag.clinic_id = step.clinic_id and flag.id = step.touch_id
            where flag.clinic_id = $1 and flag.plan_id = closed.plan_id and flag.session_id = closed.session_id
                and coalesce(flag.appointment, '-infinity') = any (closed.missed) and step.what ? 'Called'),
        coalesce((select array_agg(distinct sent.rung order by sent.rung) from touch sent
            where sent.clinic_id = $1 and sent.plan_id = closed.plan_id and sent.session_id = closed.session_id and sent.rung is not null
                and coalesce(sent.appointment, '-infinity') = any (closed.missed) and sent.accepted_at is not null
                and sent.accepted_at < least(closed.booked_at, closed.visited_at, 'infinity')), '{}')
    from closed
$$;

-- Appointments that are there already are heard of by now. The owner looks at all clinics for this once.
alter table appointment no force row level security;
alter table booking_heard no force row level security;
insert into booking_heard (clinic_id, appointment_id, session_id, heard_at) select clinic_id, id, session_id, now() from appointment;
alter table appointment force row level security;
alter table booking_heard force row level security;
