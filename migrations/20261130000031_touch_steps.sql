-- Every state a touch was in is still kept by a trigger, now once for each statement: many touches change in one.

drop trigger touch_step_kept on touch;
drop function keep_touch_step;

create function keep_first_touch_steps() returns trigger
    language plpgsql as $$
begin
    insert into touch_step (clinic_id, touch_id, number, state, at, why, due_at)
        select clinic_id, id, 1, state, since, why, due_at from after;
    return null;
end
$$;
create trigger touch_step_first after insert on touch
    referencing new table as after for each statement execute function keep_first_touch_steps();

create function keep_touch_steps() returns trigger
    language plpgsql as $$
begin
    insert into touch_step (clinic_id, touch_id, number, state, at, why, due_at)
        select after.clinic_id, after.id,
            (select coalesce(max(number), 0) + 1 from touch_step where clinic_id = after.clinic_id and touch_id = after.id),
            after.state, after.since, after.why, after.due_at
        from after join before on before.clinic_id = after.clinic_id and before.id = after.id
        where (before.state, before.due_at) <> (after.state, after.due_at);
    return null;
end
$$;
create trigger touch_step_kept after update on touch
    referencing old table as before new table as after for each statement execute function keep_touch_steps();
