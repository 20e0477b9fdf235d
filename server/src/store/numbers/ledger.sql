-- What the tables of the numbers are made of sessions, series, bookings and lapses. Each of these is derived once, and looked through by
-- all: a clinic of ten thousand series would otherwise wait ten seconds.
--
-- $1 clinic; $2, $3 the span's days, null where it is open; $4, $5 its first instant and the first one after it; $6 today; $7 now; days:
-- $8 until a series is mature, $9 until a client counts as dropped, $10 in which one is at risk before, $11 in which a lapse is to end.
with session as materialized (
    select * from numbers_session($1)
), booking as materialized (
    select * from numbers_booking($1)
),
-- Each series: how many sessions were sold with it and how many of those are delivered, what is not delivered of all of them and worth
-- how much, what was given back, how it stands, and why it is listed apart: stopped for the skin's sake, refunded, or transferred.
tally as (
    select plan_id, count(*) filter (where not is_added) as sold, count(visited_at) filter (where not is_added) as delivered,
        coalesce(sum(worth_minor) filter (where visited_at is null), 0) as left_minor
    from session group by plan_id
), became as (
    select plan_id, bool_or(action = '"Void"') as is_void, bool_or(action ? 'Transfer') as is_transferred,
        coalesce(sum((action -> 'Refund' ->> 'minor')::bigint), 0) as refunded_minor,
        coalesce((array_agg(action ? 'Freeze' order by position desc) filter (where action ? 'Freeze' or action = '"Resume"'))[1], false)
            as is_paused
    from plan_event where clinic_id = $1 group by plan_id
), concern as (
    select session.plan_id from session
    join signed_session signed on signed.clinic_id = $1 and signed.session_id = session.session_id
    where signed.adverse_grade >= 2
    union
    select session.plan_id from session
    join addendum on addendum.clinic_id = $1 and addendum.session_id = session.session_id
    where (addendum.record -> 'response' -> 'adverse' ->> 'grade')::integer >= 2
    union
    select session.plan_id from session
    join client_report told on told.clinic_id = $1 and told.session_id = session.session_id
    where told.worried
), plan as materialized (
    select plan.id as plan_id, plan.client_id, plan.package_id, plan.name, plan.sold_on, plan.interval_days::integer, plan.price_minor,
        tally.sold::integer, tally.delivered::integer, coalesce(became.refunded_minor, 0)::bigint as refunded_minor,
        case when became.is_void or became.is_transferred then 0 else tally.left_minor end::bigint as stranded_minor,
        coalesce(became.is_void or became.is_transferred, false) as is_over, coalesce(became.is_paused, false) as is_paused,
        case when became.is_void and concern.plan_id is not null then 'stopped'
            when became.refunded_minor > 0 then 'refunded'
            when became.is_transferred then 'transferred' end as apart,
        $6 - plan.sold_on > (tally.sold - 1) * plan.interval_days + $8::integer as is_mature,
        plan.sold_on >= coalesce($2, '-infinity'::date) and plan.sold_on <= coalesce($3, 'infinity'::date) as is_of_span
    from plan
    join tally on tally.plan_id = plan.id
    left join became on became.plan_id = plan.id
    left join concern on concern.plan_id = plan.id
    where plan.clinic_id = $1
),
-- Each lapse: the window of a session was missed with nothing booked, while the series went on. Since the clinic follows up; what was
-- missed before is not counted, because of it only what was never booked again is known. With the first booking after it, the visit if
-- there was one, the first call, and the touches that had reached the client by then, the highest rung last.
gap as (
    -- The touches of one gap are about one session and one missed appointment, or none.
    select touch.plan_id, touch.session_id, coalesce(touch.appointment, '-infinity') as missed, max(touch.day_0) as day_0
    from touch where touch.clinic_id = $1 and touch.day_0 is not null
    group by 1, 2, 3
), missed as (
    select gap.plan_id, gap.session_id, gap.day_0, array_agg(gap.missed) as missed,
        gap.day_0::timestamp at time zone clinic.zone as opened_at, clinic.zone
    from gap
    join clinic on clinic.clinic_id = $1
    join follow_up_policy policy on policy.clinic_id = $1
    where gap.day_0 >= (policy.followed_since at time zone clinic.zone)::date and gap.day_0 <= ($7 at time zone clinic.zone)::date
    group by gap.plan_id, gap.session_id, gap.day_0, clinic.zone
), lapsed as materialized (
    select missed.*, seen.visited_at
    from missed
    join session seen on seen.session_id = missed.session_id
    where (seen.visited_at is null or seen.visited_at >= missed.opened_at)
        and not exists (
            select from booking where booking.session_id = missed.session_id
                and booking.made_at < missed.opened_at and booking.ended_at >= missed.opened_at
                and (booking.is_held or (booking.starts_at at time zone missed.zone)::date > missed.day_0 - 2)
                and booking.starts_at <> all (missed.missed))
        -- Nobody had said so, but she was there.
        and not exists (
            select from booking where booking.session_id = missed.session_id and booking.is_held
                and booking.starts_at = any (missed.missed))
        and not exists (
            select from plan_event event where event.clinic_id = $1 and event.plan_id = missed.plan_id
                and event.written_at < missed.opened_at and (event.action = '"Void"' or event.action ? 'Transfer'))
        and not coalesce((
            select event.action ? 'Freeze' from plan_event event where event.clinic_id = $1 and event.plan_id = missed.plan_id
                and event.written_at < missed.opened_at and (event.action ? 'Freeze' or event.action = '"Resume"')
            order by event.position desc limit 1), false)
), booked_again as (
    select lapsed.session_id, lapsed.day_0, min(booking.made_at) as made_at
    from lapsed join booking on booking.session_id = lapsed.session_id and booking.made_at >= lapsed.opened_at
        and booking.starts_at <> all (lapsed.missed)
    group by 1, 2
), lapse as materialized (
    select lapsed.plan_id, lapsed.session_id, lapsed.day_0, again.made_at as booked_at, lapsed.visited_at,
        (select min(step.made_at) from call_step step
            join touch flag on flag.clinic_id = step.clinic_id and flag.id = step.touch_id
            where flag.clinic_id = $1 and flag.plan_id = lapsed.plan_id and flag.session_id = lapsed.session_id
                and coalesce(flag.appointment, '-infinity') = any (lapsed.missed) and step.what ? 'Called') as called_at,
        coalesce((select array_agg(distinct sent.rung order by sent.rung) from touch sent
            where sent.clinic_id = $1 and sent.plan_id = lapsed.plan_id and sent.session_id = lapsed.session_id and sent.rung is not null
                and coalesce(sent.appointment, '-infinity') = any (lapsed.missed) and sent.accepted_at is not null
                and sent.accepted_at < least(again.made_at, lapsed.visited_at, 'infinity')), '{}')::integer[] as rungs,
        (least(again.made_at, lapsed.visited_at) at time zone zone)::date - lapsed.day_0 <= $11::integer as is_rebooked,
        lapsed.day_0 >= coalesce($2, '-infinity'::date) and lapsed.day_0 <= coalesce($3, 'infinity'::date) as is_of_span,
        $6 - lapsed.day_0 > $11::integer as has_passed
    from lapsed
    left join booked_again again on again.session_id = lapsed.session_id and again.day_0 = lapsed.day_0
),
-- Mature series of the span, by how many sessions were sold and how many are delivered.
series as (
    select sold, delivered, count(*) as series from plan where apart is null and is_of_span and is_mature
    group by sold, delivered order by sold, delivered
),
-- After each session: whether the next one was booked, or held, in time.
passed as materialized (
    select before.plan_id, before.number, before.visited_at as before_at, next.session_id, (next.visited_at at time zone zone)::date as visited,
        clinic.zone, (before.visited_at at time zone zone)::date + plan.interval_days + $9::integer as deadline
    from session before
    join session next on next.plan_id = before.plan_id and next.number = before.number + 1 and not next.is_added
    join plan on plan.plan_id = before.plan_id and plan.apart is null
    join clinic on clinic.clinic_id = $1
    where before.visited_at is not null and (before.visited_at at time zone zone)::date + plan.interval_days + $9::integer < $6
), kept as (
    select distinct passed.session_id from passed join booking on booking.session_id = passed.session_id
    where booking.made_at < (passed.deadline + 1)::timestamp at time zone passed.zone
        and booking.ended_at >= (passed.deadline + 1)::timestamp at time zone passed.zone
        and (booking.is_held or (booking.starts_at at time zone passed.zone)::date > passed.deadline - 2)
), dropped as materialized (
    select passed.*, kept.session_id is null and coalesce(passed.visited > passed.deadline, true) as is_dropped
    from passed left join kept on kept.session_id = passed.session_id
), drop_off as (
    select number as after, count(*) as passed, count(*) filter (where is_dropped) as dropped from dropped
    where before_at >= coalesce($4, '-infinity'::timestamptz) and before_at < coalesce($5, 'infinity'::timestamptz)
    group by number order by number
),
-- The same figures by the month of the sale: of its mature series, wherever they are by now.
month as (
    select date_trunc('month', plan.sold_on)::date as first, count(*) filter (where not is_mature) as young,
        count(*) filter (where is_mature) as mature, count(*) filter (where is_mature and delivered >= sold) as complete,
        coalesce(sum(sold) filter (where is_mature), 0) as sold, coalesce(sum(delivered) filter (where is_mature), 0) as delivered,
        count(second.plan_id) filter (where is_mature) as passed, count(*) filter (where is_mature and second.is_dropped) as dropped
    from plan left join dropped second on second.plan_id = plan.plan_id and second.number = 2
    where apart is null and is_of_span
    group by 1 order by 1
),
-- Whose next session is due and not booked: between the second and the third first, then by what is at stake.
next as (
    select distinct on (plan_id) plan_id, session_id, number from session where visited_at is null order by plan_id, number
), due as (
    select plan.client_id, next.plan_id, next.session_id, before.number as after, plan.sold, plan.stranded_minor, clinic.zone,
        (before.visited_at at time zone zone)::date + plan.interval_days as due
    from next
    join session before on before.plan_id = next.plan_id and before.number = next.number - 1 and before.visited_at is not null
    join plan on plan.plan_id = next.plan_id and plan.apart is null and not plan.is_over and not plan.is_paused
    join clinic on clinic.clinic_id = $1
), at_risk as (
    select client_id as client, plan_id as plan, session_id as session, after, sold, due, stranded_minor from due
    where due - $10::integer <= $6 and due + $9::integer >= $6 and not exists (
        select from booking where booking.session_id = due.session_id and booking.ended_at = 'infinity'
            and (booking.is_held or $6 - (booking.starts_at at time zone due.zone)::date < 2))
    order by after = 2 desc, stranded_minor desc, due, plan_id
),
-- How far each lapse came: nothing (0), the rungs (1 to 4), a call (5); the last of them is what was done before the booking.
came as (
    select is_rebooked,
        array[0] || rungs || case when called_at < least(booked_at, visited_at, 'infinity') then array[5] else '{}' end as steps
    from lapse where is_of_span and has_passed
), step as (
    select step, count(*) as reached, count(*) filter (where is_rebooked and step = steps[cardinality(steps)]) as rebooked
    from came cross join lateral unnest(steps) as step group by step order by step
),
-- By type of package: what was sold in the span, and what was recovered in it.
sale as (
    select package_id, count(*) as series, round(avg(price_minor))::bigint as price_minor, sum(sold) as sold, sum(delivered) as delivered,
        count(*) filter (where is_mature) as mature, count(*) filter (where is_mature and delivered >= sold) as complete,
        coalesce(sum(sold) filter (where is_mature), 0) as mature_sold, coalesce(sum(delivered) filter (where is_mature), 0) as mature_delivered,
        sum(stranded_minor)::bigint as stranded_minor
    from plan where apart is null and is_of_span group by package_id
), ended as (
    -- A session that lapsed twice was brought back from the last one.
    select distinct on (session_id) * from lapse order by session_id, day_0 desc
), recovered as (
    select plan.package_id, count(*) as sessions, sum(session.worth_minor)::bigint as minor
    from ended join session on session.session_id = ended.session_id join plan on plan.plan_id = ended.plan_id
    where session.visited_at is not null and cardinality(ended.rungs) > 0 and plan.apart is null
        and coalesce(ended.called_at > least(ended.booked_at, ended.visited_at), true)
        and session.visited_at >= coalesce($4, '-infinity'::timestamptz) and session.visited_at < coalesce($5, 'infinity'::timestamptz)
    group by plan.package_id
), of_package as (
    select package.id as package, package.name, coalesce(sale.series, 0) as series, coalesce(sale.price_minor, 0) as price_minor,
        coalesce(sale.sold, 0) as sold, coalesce(sale.delivered, 0) as delivered, coalesce(sale.mature, 0) as mature,
        coalesce(sale.complete, 0) as complete, coalesce(sale.mature_sold, 0) as mature_sold,
        coalesce(sale.mature_delivered, 0) as mature_delivered, coalesce(sale.stranded_minor, 0) as stranded_minor,
        coalesce(recovered.sessions, 0) as recovered, coalesce(recovered.minor, 0) as recovered_minor
    from sale full join recovered on recovered.package_id = sale.package_id
    join package on package.clinic_id = $1 and package.id = coalesce(sale.package_id, recovered.package_id)
    order by sale.series desc nulls last, package.name
),
-- Series that are counted nowhere else, the latest first.
apart as (
    select client_id as client, plan_id as plan, name, initcap(apart) as because, sold_on, sold, delivered, refunded_minor
    from plan where apart is not null and is_of_span order by sold_on desc, plan_id
),
-- On the call list, as `call_list::Entry::turn` has it: not delivered, not booked, not missed again since, not over or paused, and she
-- goes on.
flag as (
    select touch.id, touch.session_id, touch.day_0, clinic.zone
    from touch join clinic on clinic.clinic_id = $1
    join plan on plan.plan_id = touch.plan_id and not plan.is_over and not plan.is_paused
    where touch.clinic_id = $1 and touch.kind = 'flag' and touch.state = 'accepted'
), call as (
    select count(*) as open, percentile_disc(0.5) within group (order by $6 - day_0) as age
    from flag
    where not exists (select from delivery where delivery.clinic_id = $1 and delivery.session_id = flag.session_id)
        and not exists (
            select from booking where booking.session_id = flag.session_id and booking.ended_at = 'infinity'
                and (booking.is_held or $6 - (booking.starts_at at time zone zone)::date < 2))
        and not exists (
            select from booking where booking.session_id = flag.session_id and (booking.is_missed or booking.ended_at = 'infinity')
                and (booking.starts_at at time zone zone)::date > flag.day_0)
        and not exists (
            select from call_step step where step.clinic_id = $1 and step.touch_id = flag.id
                and step.what -> 'Called' ->> 'outcome' = 'DoesNotGoOn')
)
select
    coalesce((select jsonb_agg(one) from series one), '[]') as "series!: Json<Vec<SeriesCount>>",
    (select count(*) from plan where apart is null and is_of_span and not is_mature) as "young!",
    coalesce((select jsonb_agg(one) from drop_off one), '[]') as "drop_off!: Json<Vec<DropOff>>",
    coalesce((select jsonb_agg(one) from month one), '[]') as "months!: Json<Vec<OfMonth>>",
    coalesce((select jsonb_agg(one) from at_risk one), '[]') as "at_risk!: Json<Vec<AtRisk>>",
    coalesce((select jsonb_agg(one) from of_package one), '[]') as "packages!: Json<Vec<OfPackage>>",
    coalesce((select jsonb_agg(one) from apart one), '[]') as "apart!: Json<Vec<Apart>>",
    (select count(*) from lapse where is_of_span and booked_at is null and visited_at is null) as "lapses_open!",
    (select count(*) from lapse where is_of_span and has_passed) as "lapses_passed!",
    (select count(*) from lapse where is_of_span and has_passed and is_rebooked) as "lapses_rebooked!",
    coalesce((select jsonb_agg(one) from step one), '[]') as "steps!: Json<Vec<Step>>",
    call.open as "calls_open!",
    call.age as "calls_age"
from call
