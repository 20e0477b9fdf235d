-- Whoever sends writes down once what became of a message, after the carrier was asked. That it was attempted before that follows from
-- its state before, and stays a step of its own.

create or replace function keep_touch_steps() returns trigger
    language plpgsql as $$
begin
    insert into touch_step (clinic_id, touch_id, number, state, at, why, due_at)
        select after.clinic_id, after.id, last.number + step.number, step.state, step.at, step.why, after.due_at
        from after join before on before.clinic_id = after.clinic_id and before.id = after.id
        cross join lateral (
            select coalesce(max(number), 0) as number from touch_step where clinic_id = after.clinic_id and touch_id = after.id
        ) last
        cross join lateral (
            select 1 as number, 'attempted' as state, after.tried_at as at, null::jsonb as why where was_attempted(before.state, after.state)
            union all
            select 1 + was_attempted(before.state, after.state)::int, after.state, after.since, after.why
        ) step
        where (before.state, before.due_at) <> (after.state, after.due_at);
    return null;
end
$$;

-- From claimed nothing else leads there.
create function was_attempted(before text, after text) returns boolean
    language sql immutable as $$ select before = 'claimed' and after in ('accepted', 'failed') $$;
