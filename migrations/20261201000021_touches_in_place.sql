-- A message moves through four states within seconds. Postgres writes a row anew in its place, without a word to the indexes, as long as
-- nothing changes that an index speaks of, and there is room beside it.

alter table touch set (fillfactor = 70);
alter table attempt set (fillfactor = 70);

-- Whether a client may have it: what the index of the rungs is about, and does not change from the try on.
alter table touch add column may_have_gone boolean not null
    generated always as (state in ('attempted', 'accepted', 'delivered', 'bounced', 'uncertain')) stored;
drop index touch_rung_once;
create unique index touch_rung_once on touch (clinic_id, plan_id, session_id, day_0, rung)
    where rung is not null and retry_of is null and may_have_gone;

-- A touch is there once, and is retried once. All of a plan are found by it, too.
drop index touch_once, touch_retried_once, touch_plan;
create unique index touch_once on touch (clinic_id, plan_id, session_id, kind, appointment, retry_of) nulls not distinct;

drop index touch_flag, attempt_accepted;
create index touch_flag on touch (clinic_id, client_id) where kind = 'flag';
