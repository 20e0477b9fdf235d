-- What a booking ends while a server has it is looked at once more when the server's time for it is over: if the server is gone, what it
-- tried is still unsaid. Nothing else changes in these two.

create or replace function end_nudges() returns trigger
    language plpgsql as $$
declare
    booked_plan uuid;
begin
    select plan_id into booked_plan from session where clinic_id = new.clinic_id and id = new.session_id;
    -- Waits for whoever is just sending, and whoever sends later waits for this.
    insert into plan_epoch (clinic_id, plan_id, epoch) values (new.clinic_id, booked_plan, 1)
        on conflict (clinic_id, plan_id) do update set epoch = plan_epoch.epoch + 1;
    perform from touch where clinic_id = new.clinic_id and plan_id = booked_plan and state in ('planned', 'claimed') order by id for update;
    update touch set state = 'suppressed', since = cadence_now(), look_at = case when state = 'claimed' then look_at end,
        why = jsonb_build_object('Booked', jsonb_build_object('starts', (extract(epoch from new.starts_at) * 1000)::bigint))
        where clinic_id = new.clinic_id and plan_id = booked_plan and state in ('planned', 'claimed')
            and kind in ('rebooking_prompt', 'reminder', 'recovery_soft', 'recovery_value', 'recovery_last', 'flag');
    return null;
end
$$;

create or replace function end_nudges_elsewhere() returns trigger
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
    update touch set state = 'suppressed', since = cadence_now(), look_at = case when state = 'claimed' then look_at end,
        why = jsonb_build_object('BookedElsewhere', jsonb_build_object('starts', (extract(epoch from new.starts_at) * 1000)::bigint))
        where clinic_id = new.clinic_id and plan_id = booked_plan and state in ('planned', 'claimed')
            and kind in ('rebooking_prompt', 'reminder', 'recovery_soft', 'recovery_value', 'recovery_last', 'flag');
    update booking_link set booked_at = cadence_now()
        where clinic_id = new.clinic_id and session_id = new.session_id and booked_at is null;
    return null;
end
$$;

-- Triggers go by their names. Whoever books takes touches first and links after them, as a server does that claims: otherwise each could
-- wait for the other.
alter trigger booking_links_end on appointment rename to nudges_end_links;
