-- Bookings of other systems count in the numbers as those here do: for as long as they stood, and from when the server knew of them.

-- All that was ever told of a booking, also what came late and was older than what was known. Only ever added to.
create table booking_elsewhere_told (
    clinic_id uuid not null,
    feed_id uuid not null,
    booking text not null, -- the other system's id of it
    changed_at timestamptz not null, -- since when it is so, by the other system's clock
    state text not null check (state in ('booked', 'cancelled', 'missed', 'completed')),
    starts_at timestamptz not null,
    heard_at timestamptz not null, -- when it was first told
    primary key (clinic_id, feed_id, booking, changed_at, state, starts_at),
    foreign key (clinic_id, feed_id, booking) references booking_elsewhere
);

-- Since when a booking is known to be of a session: before that somebody may have asked for what was booked already. Only ever added to.
create table booking_elsewhere_placed (
    clinic_id uuid not null,
    feed_id uuid not null,
    booking text not null, -- the other system's id of it
    session_id uuid not null, -- the session it was found to be of
    placed_at timestamptz not null, -- the first time
    primary key (clinic_id, feed_id, booking, session_id),
    foreign key (clinic_id, feed_id, booking) references booking_elsewhere,
    foreign key (clinic_id, session_id) references session
);

create function note_place_of_booking() returns trigger
    language plpgsql as $$
begin
    insert into booking_elsewhere_placed (clinic_id, feed_id, booking, session_id, placed_at)
        values (new.clinic_id, new.feed_id, new.booking, new.session_id, cadence_now()) on conflict do nothing;
    return null;
end
$$;
create trigger place_noted after insert or update on booking_elsewhere
    for each row when (new.session_id is not null) execute function note_place_of_booking();

-- What is known already, as far as it is kept. The owner looks at all clinics for this once.
do $$
declare
    name text;
begin
    alter table booking_elsewhere no force row level security;
    insert into booking_elsewhere_told (clinic_id, feed_id, booking, changed_at, state, starts_at, heard_at)
        select clinic_id, feed_id, booking, changed_at, state, starts_at, heard_at from booking_elsewhere;
    insert into booking_elsewhere_placed (clinic_id, feed_id, booking, session_id, placed_at)
        select clinic_id, feed_id, booking, session_id, now() from booking_elsewhere where session_id is not null;
    alter table booking_elsewhere force row level security;
    foreach name in array array['booking_elsewhere_told', 'booking_elsewhere_placed'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy own_clinic on %I using (clinic_id = cadence_clinic())', name);
        execute format('grant select, insert on %I to cadence_app', name);
    end loop;
end
$$;

-- Each booking of a session, here or in another system, for as long as it stood at that time: from when it was made or moved there until
-- it was moved away, cancelled or missed; to infinity where it still stands. Whether she came to it, or was said not to have come; and
-- when the server knew of it. A visit or a miss that is all another system told was booked by its time at the latest.
drop function numbers_booking(uuid);
create function numbers_booking(of_clinic uuid)
    returns table (session_id uuid, starts_at timestamptz, made_at timestamptz, ended_at timestamptz, heard_at timestamptz, is_held boolean,
        is_missed boolean)
    language sql stable as $$
    select past.session_id, past.starts_at,
        coalesce(lag(past.written_at) over (partition by past.appointment_id order by past.position), time_of_id(past.appointment_id), '-infinity'),
        past.written_at, heard.heard_at, false, past.ended = 'NoShow'
    from past_booking past
    left join booking_heard heard on heard.clinic_id = $1 and heard.appointment_id = past.appointment_id
    where past.clinic_id = $1
    union all
    select coalesce(held.next_id, booked.session_id), booked.starts_at, coalesce(moved.at, time_of_id(booked.id), '-infinity'), 'infinity', heard.heard_at,
        booked.arrived_at is not null, false
    from appointment booked
    left join booking_heard heard on heard.clinic_id = $1 and heard.appointment_id = booked.id
    left join (
        select appointment_id, max(written_at) as at from past_booking where clinic_id = $1 and ended = 'Moved' group by appointment_id
    ) moved on moved.appointment_id = booked.id
    left join (
        -- Held by what another system says, and not charted: what is booked here for it after that is the visit after.
        select done.session_id, next.id as next_id, clinic.zone, max((done.starts_at at time zone zone)::date) as day
        from booking_elsewhere done
        join clinic on clinic.clinic_id = $1
        join session this on this.clinic_id = $1 and this.id = done.session_id
        join session next on next.clinic_id = $1 and next.plan_id = this.plan_id and next.number = this.number + 1
        where done.clinic_id = $1 and done.state = 'completed'
            and not exists (select from delivery where delivery.clinic_id = $1 and delivery.session_id = done.session_id)
        group by done.session_id, next.id, clinic.zone
    ) held on held.session_id = booked.session_id and (booked.starts_at at time zone held.zone)::date > held.day
    where booked.clinic_id = $1
    union all
    select kept.session_id, told.starts_at,
        case when told.state = 'booked' then told.changed_at else least(told.changed_at, told.starts_at) end,
        case when told.state = 'missed' then told.changed_at
            when told.state = 'booked' and told.starts_at > feed.removed_at then least(told.next_at, feed.removed_at)
            else coalesce(told.next_at, 'infinity') end,
        greatest(told.heard_at, placed.placed_at), told.state = 'completed' and told.next_at is null,
        told.state = 'missed' and told.next_at is null
    from (
        select *, lead(changed_at) over (partition by feed_id, booking
            order by changed_at, array_position(array['booked', 'cancelled', 'missed', 'completed'], state), starts_at) as next_at
        from booking_elsewhere_told where clinic_id = $1
    ) told
    join booking_feed feed on feed.clinic_id = $1 and feed.id = told.feed_id
    join booking_elsewhere kept on kept.clinic_id = $1 and kept.feed_id = told.feed_id and kept.booking = told.booking
    join booking_elsewhere_placed placed on placed.clinic_id = $1 and placed.feed_id = told.feed_id and placed.booking = told.booking
        and placed.session_id = kept.session_id
    where told.state <> 'cancelled'
$$;

-- As before; and what is charted within two days of a visit that another system tells of was that visit.
create or replace function numbers_session(of_clinic uuid)
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
    ), charted as (
        -- Who is treated up to an hour before the booked time is treated at it.
        select visit.session_id, least(signed.signed_at, max(held.starts_at)) as at
        from visit
        join signed_session signed on signed.clinic_id = $1 and signed.session_id = visit.visit_id
        left join appointment held on held.clinic_id = $1 and held.session_id = visit.visit_id
            and held.starts_at <= signed.signed_at + interval '1 hour'
        group by visit.session_id, signed.signed_at
    ), seen as (
        select charted.session_id, least(charted.at, elsewhere.starts_at) as visited_at
        from charted
        join clinic on clinic.clinic_id = $1
        left join booking_elsewhere elsewhere on elsewhere.clinic_id = $1 and elsewhere.session_id = charted.session_id
            and elsewhere.state = 'completed'
            and (charted.at at time zone zone)::date - (elsewhere.starts_at at time zone zone)::date between 0 and 2
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
