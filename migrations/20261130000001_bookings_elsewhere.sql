-- Bookings that other systems keep, and tell of by signed webhooks.

-- Another booking system that feeds this clinic.
create table booking_feed (
    clinic_id uuid not null references clinic,
    id uuid not null, -- stands in the address it calls
    name text not null, -- as the clinic calls the system
    secret bytea not null, -- by which it signs, encrypted by a key that is not in the database
    old_secret bytea, -- the one before, likewise
    old_ends_at timestamptz, -- until then it holds beside the new one
    made_by uuid not null, -- of the staff
    made_at timestamptz not null,
    removed_at timestamptz, -- nothing is heard from it any more, and what it still had booked does not count; null: it is in use
    primary key (clinic_id, id),
    foreign key (clinic_id, made_by) references staff,
    check ((old_secret is null) = (old_ends_at is null))
);
-- Not led by clinic_id: who calls knows no clinic.
create unique index booking_feed_id on booking_feed (id);

-- What the other system's services are here.
create table feed_service (
    clinic_id uuid not null,
    feed_id uuid not null,
    service text not null, -- in small letters
    package_id uuid, -- null: it is of no series
    primary key (clinic_id, feed_id, service),
    foreign key (clinic_id, feed_id) references booking_feed,
    foreign key (clinic_id, package_id) references package
);

-- Who the other system's clients are here, where a person has said so.
create table feed_client (
    clinic_id uuid not null,
    feed_id uuid not null,
    their_client text not null, -- the other system's id of her
    client_id uuid not null,
    primary key (clinic_id, feed_id, their_client),
    foreign key (clinic_id, feed_id) references booking_feed,
    foreign key (clinic_id, client_id) references client
);

-- One row for each booking of another system, as it was last told of.
create table booking_elsewhere (
    clinic_id uuid not null,
    feed_id uuid not null,
    booking text not null, -- the other system's id of it
    state text not null check (state in ('booked', 'cancelled', 'missed', 'completed')),
    starts_at timestamptz not null,
    changed_at timestamptz not null, -- by the other system's clock; what is told of later than that replaces it
    their_client text not null, -- the other system's id of the client; empty: not told
    name text not null, -- of the client, likewise
    email text not null,
    phone text not null,
    service text not null,
    heard_at timestamptz not null, -- when it was last told of with something new
    client_id uuid, -- who that is here; null: nobody known, or several
    session_id uuid, -- which session of hers it is: it follows from the chart and her bookings; null: none
    unplaced text check (unplaced in ('nobody_known', 'several_clients', 'not_a_series', 'no_open_series', 'several_series',
        'no_session_left')), -- why it is of none
    picked_client uuid, -- whose a person says it is; null: nobody had to
    picked_plan uuid, -- and of which series
    picked_by uuid, -- of the staff
    picked_at timestamptz,
    primary key (clinic_id, feed_id, booking),
    foreign key (clinic_id, feed_id) references booking_feed,
    foreign key (clinic_id, client_id) references client,
    foreign key (clinic_id, session_id) references session,
    foreign key (clinic_id, picked_client) references client,
    foreign key (clinic_id, picked_plan) references plan,
    foreign key (clinic_id, picked_by) references staff,
    check ((picked_client is null) = (picked_plan is null) and (picked_client is null) = (picked_by is null)
        and (picked_client is null) = (picked_at is null))
);
create index booking_elsewhere_client on booking_elsewhere (clinic_id, client_id, starts_at) where client_id is not null;
create index booking_elsewhere_session on booking_elsewhere (clinic_id, session_id) where state = 'booked' and session_id is not null;
create index booking_elsewhere_unplaced on booking_elsewhere (clinic_id, starts_at) where unplaced is not null;
create index booking_elsewhere_heard on booking_elsewhere (clinic_id, heard_at);

-- A booking elsewhere ends what asks for one, in the transaction in which it is heard of. No path can skip it. The twin of
-- end_nudges and end_booking_links.
create function end_nudges_elsewhere() returns trigger
    language plpgsql as $$
declare
    booked_plan uuid;
begin
    if tg_op = 'UPDATE' and (old.state, old.session_id, old.starts_at) is not distinct from (new.state, new.session_id, new.starts_at) then
        return null;
    end if;
    select plan_id into booked_plan from session where clinic_id = new.clinic_id and id = new.session_id;
    -- Waits for whoever is just sending, and whoever sends later waits for this.
    insert into plan_epoch (clinic_id, plan_id, epoch) values (new.clinic_id, booked_plan, 1)
        on conflict (clinic_id, plan_id) do update set epoch = plan_epoch.epoch + 1;
    perform from touch where clinic_id = new.clinic_id and plan_id = booked_plan and state in ('planned', 'claimed') order by id for update;
    update touch set state = 'suppressed', since = cadence_now(), look_at = null,
        why = jsonb_build_object('BookedElsewhere', jsonb_build_object('starts', (extract(epoch from new.starts_at) * 1000)::bigint))
        where clinic_id = new.clinic_id and plan_id = booked_plan and state in ('planned', 'claimed')
            and kind in ('rebooking_prompt', 'reminder', 'recovery_soft', 'recovery_value', 'recovery_last', 'flag');
    update booking_link set booked_at = cadence_now()
        where clinic_id = new.clinic_id and session_id = new.session_id and booked_at is null;
    return null;
end
$$;
create trigger nudges_end after insert or update on booking_elsewhere
    for each row when (new.state = 'booked' and new.session_id is not null) execute function end_nudges_elsewhere();

do $$
declare
    name text;
begin
    foreach name in array array['booking_feed', 'feed_service', 'feed_client', 'booking_elsewhere'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('grant select, insert on %I to cadence_app', name);
    end loop;
    foreach name in array array['feed_service', 'feed_client', 'booking_elsewhere'] loop
        execute format('create policy own_clinic on %I using (clinic_id = cadence_clinic())', name);
    end loop;
end
$$;
-- Who calls knows the id of its feed and no clinic: that one row can be seen.
create policy own_clinic_or_named on booking_feed
    using (clinic_id = nullif(current_setting('cadence.clinic_id', true), '')::uuid
        or id = nullif(current_setting('cadence.booking_feed', true), '')::uuid)
    with check (clinic_id = cadence_clinic());
grant update (secret, old_secret, old_ends_at, removed_at) on booking_feed to cadence_app;
grant update (package_id), delete on feed_service to cadence_app;
grant update (client_id) on feed_client to cadence_app;
grant update (state, starts_at, changed_at, their_client, name, email, phone, service, heard_at, client_id, session_id, unplaced,
    picked_client, picked_plan, picked_by, picked_at) on booking_elsewhere to cadence_app;
