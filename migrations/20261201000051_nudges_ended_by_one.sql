-- A booking ends what asks for one, here or in another system, by the same few lines.

create function end_nudges_of(booked_clinic uuid, booked_session uuid, why_ended jsonb) returns void
    language plpgsql as $$
declare
    booked_plan uuid;
begin
    select plan_id into booked_plan from session where clinic_id = booked_clinic and id = booked_session;
    -- Waits for whoever is just sending, and whoever sends later waits for this.
    insert into plan_epoch (clinic_id, plan_id, epoch) values (booked_clinic, booked_plan, 1)
        on conflict (clinic_id, plan_id) do update set epoch = plan_epoch.epoch + 1;
    perform from touch where clinic_id = booked_clinic and plan_id = booked_plan and state in ('planned', 'claimed') order by id for update;
    -- What a server has is looked at once more when its time for it is over: if the server is gone, what it tried is still unsaid.
    update touch set state = 'suppressed', since = cadence_now(), look_at = case when state = 'claimed' then look_at end, why = why_ended
        where clinic_id = booked_clinic and plan_id = booked_plan and state in ('planned', 'claimed')
            and kind in ('rebooking_prompt', 'reminder', 'recovery_soft', 'recovery_value', 'recovery_last', 'flag');
end
$$;

create or replace function end_nudges() returns trigger
    language plpgsql as $$
begin
    perform end_nudges_of(new.clinic_id, new.session_id, why_booked('Booked', new.starts_at));
    return null;
end
$$;

create or replace function end_nudges_elsewhere() returns trigger
    language plpgsql as $$
begin
    if tg_op = 'UPDATE' and (old.state, old.session_id, old.starts_at) is not distinct from (new.state, new.session_id, new.starts_at) then
        return null;
    end if;
    perform end_nudges_of(new.clinic_id, new.session_id, why_booked('BookedElsewhere', new.starts_at));
    update booking_link set booked_at = cadence_now()
        where clinic_id = new.clinic_id and session_id = new.session_id and booked_at is null;
    return null;
end
$$;

create function why_booked(why text, starts timestamptz) returns jsonb
    language sql immutable as $$ select jsonb_build_object(why, jsonb_build_object('starts', (extract(epoch from starts) * 1000)::bigint)) $$;
