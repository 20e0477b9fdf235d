//! What has to be true afterwards, whatever happened: seen from the charts, and counted once more from the tables alone.

use crate::clinic::{CAREFUL, CLINIC, SESSIONS};
use domain::{
    billing::{Billing, BillingItem, ExceptionKind},
    chart::Chart,
    command::Change,
    ids::{PlanId, ProcedureId, SessionId},
    plan::PlanAction,
    session::Session,
    status::SessionStatus,
};
use server::{clinic::Clinics, store};
use sqlx::prelude::FromRow;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// One plan, counted from the tables: nothing of the program's own counting is in it.
const COUNTS: &str = "
    with done as (
        select clinic_id, counts_for as session_id, procedure_id from treatment where counts_for is not null
        union
        select clinic_id, (treated ->> 'counts_for')::uuid, (treated ->> 'procedure')::uuid
        from addendum, jsonb_array_elements(record -> 'treatments') treated
        where delivers and treated ->> 'counts_for' is not null
    ), part as (
        -- Every procedure of every session of every plan, and whether it was performed or given up.
        select s.clinic_id, s.plan_id, s.id as session_id,
            exists (select from done d where d.clinic_id = s.clinic_id and d.session_id = s.id and coalesce(d.procedure_id, p.id) = p.id) as performed,
            exists (select from plan_event e where e.clinic_id = s.clinic_id and e.plan_id = s.plan_id
                and e.action -> 'GiveUp' ->> 'session' = s.id::text and e.action -> 'GiveUp' ->> 'procedure' = p.id::text) as given_up
        from session s join plan_procedure p on p.clinic_id = s.clinic_id and p.plan_id = s.plan_id
    ), held as (
        select clinic_id, plan_id, session_id, bool_or(performed) as delivered, bool_and(performed or given_up) as complete
        from part group by clinic_id, plan_id, session_id
    )
    select p.id, p.client_id,
        (select count(*) from session s where s.clinic_id = p.clinic_id and s.plan_id = p.id) as purchased,
        (select count(*) from held h where h.clinic_id = p.clinic_id and h.plan_id = p.id and h.delivered) as delivered,
        (select count(distinct d.session_id) from delivery d join session s on s.clinic_id = d.clinic_id and s.id = d.session_id
            where s.plan_id = p.id) as noted,
        (select count(*) from held h where h.clinic_id = p.clinic_id and h.plan_id = p.id and h.delivered
            and (h.complete or ended.over)) as completed,
        ended.over,
        (select p.paid_before_minor
            + coalesce(sum((e.action -> 'Pay' ->> 'minor')::bigint), 0)::bigint - coalesce(sum((e.action -> 'Refund' ->> 'minor')::bigint), 0)::bigint
            from plan_event e where e.clinic_id = p.clinic_id and e.plan_id = p.id) as paid
    from plan p cross join lateral (
        select exists (select from plan_event e where e.clinic_id = p.clinic_id and e.plan_id = p.id
            and (e.action = '\"Void\"' or e.action ? 'Transfer')) as over
    ) ended order by p.id";

#[derive(FromRow)]
struct Counted {
    id: Uuid,
    client_id: Uuid,
    purchased: i64,
    delivered: i64,
    noted: i64,
    completed: i64,
    over: bool,
    paid: i64,
}

/// Two bookings that want the same person, client, room or device at once; there must be none.
const COLLISIONS: &str = "
    select count(*) from appointment a join appointment b on a.id < b.id
    and a.starts_at < b.starts_at + make_interval(mins => b.minutes) and b.starts_at < a.starts_at + make_interval(mins => a.minutes)
    where a.provider_id = b.provider_id or a.client_id = b.client_id or a.room_id = b.room_id or a.device_id = b.device_id";

/// A clinic's charts, and its tables.
pub async fn all(clinics: &Clinics, charts: &[Chart]) {
    for chart in charts {
        series(chart);
        money(chart);
        consents(chart);
        bookings(chart);
    }
    transfers(charts);
    collisions(charts);
    let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
    let counted: Vec<Counted> = sqlx::query_as(COUNTS).fetch_all(&mut *tx).await.unwrap();
    assert_eq!(counted.len(), charts.iter().map(|chart| chart.plans.len()).sum::<usize>());
    for row in counted {
        let chart = charts.iter().find(|chart| chart.client.id.0 == row.client_id).unwrap();
        as_counted(chart, &row);
    }
    let delivered: Vec<(Uuid, Uuid)> = sqlx::query_as("select session_id, procedure_id from delivery").fetch_all(&mut *tx).await.unwrap();
    let in_charts = charts.iter().flat_map(performed).map(|(session, procedure)| (session.0, procedure.0));
    assert_eq!(delivered.into_iter().collect::<HashSet<_>>(), in_charts.collect::<HashSet<_>>());
    let collisions: i64 = sqlx::query_scalar(COLLISIONS).fetch_one(&mut *tx).await.unwrap();
    assert_eq!(collisions, 0, "somebody or something is in two places at once");
}

/// The tables and every surface say the same of one plan.
fn as_counted(chart: &Chart, row: &Counted) {
    let plan = PlanId(row.id);
    let balance = chart.balance(plan);
    let n = |n: i64| u16::try_from(n).unwrap();
    assert_eq!((balance.purchased, balance.delivered), (n(row.purchased), n(row.delivered)));
    assert_eq!(balance.standing.is_over(), row.over);
    assert_eq!(row.noted, row.delivered, "what is kept from being delivered twice is not what was delivered");
    let completed = chart.listed().into_iter().filter(|one| one.plan.id == plan && one.status == SessionStatus::Completed).count();
    assert_eq!(completed, usize::from(n(row.completed)));
    assert_eq!(chart.plan_billing(plan).paid, row.paid);
    let of_delivered = chart.session_billing(plan).into_iter().filter(|(session, _)| chart.delivered_in(*session).is_some());
    assert_eq!(of_delivered.count(), usize::from(n(row.delivered)));
}

/// Which procedures of which sessions were performed, from the records alone; and that none was in two visits.
fn performed(chart: &Chart) -> HashSet<(SessionId, ProcedureId)> {
    let mut all = HashSet::new();
    for record in chart.sessions.iter().flat_map(Session::records) {
        for treatment in &record.treatments {
            let Some(session) = treatment.counts_for else { continue };
            let plan = chart.plan(chart.session(session).unwrap().plan).unwrap();
            let whole = || plan.procedures.iter().map(|procedure| procedure.id).collect();
            for procedure in treatment.procedure.map_or_else(whole, |one| vec![one]) {
                assert!(all.insert((session, procedure)), "delivered twice: {session}, {procedure}");
            }
        }
    }
    all
}

fn series(chart: &Chart) {
    let listed = chart.listed();
    for plan in &chart.plans {
        let balance = chart.balance(plan.id);
        let of_plan: Vec<_> = listed.iter().filter(|one| one.plan.id == plan.id).collect();
        let begun = of_plan.iter().filter(|one| one.visit.is_some()).count();
        let over = balance.standing.is_over();
        assert_eq!(begun, usize::from(balance.delivered));
        assert!(balance.delivered <= balance.purchased);
        assert_eq!(balance.remaining(), if over { 0 } else { balance.purchased - balance.delivered });
        assert_eq!(of_plan.len(), usize::from(if over { balance.delivered } else { balance.purchased }));
        let added: usize = plan
            .events
            .iter()
            .map(|event| match &event.action {
                PlanAction::Extend { sessions } | PlanAction::Maintain { sessions, .. } => sessions.len(),
                _ => 0,
            })
            .sum();
        let received = plan.events.iter().any(|event| matches!(event.action, PlanAction::Receive { .. }));
        assert!(received || usize::from(balance.purchased) == usize::from(SESSIONS) + added);
    }
}

/// Nothing that was given by one is lost on the way to the other, or comes twice.
fn transfers(charts: &[Chart]) {
    let plans: HashMap<_, _> = charts.iter().flat_map(|chart| chart.plans.iter().map(move |plan| (plan.id, chart))).collect();
    let mut given = 0;
    for (giver, event) in
        charts.iter().flat_map(|chart| chart.plans.iter().flat_map(move |plan| plan.events.iter().map(move |event| (chart, event))))
    {
        let PlanAction::Transfer { to, plan, event: begins_with, sessions } = &event.action else { continue };
        let receiver = plans[plan];
        assert_eq!((receiver.client.id, receiver.client.id == giver.client.id), (*to, false));
        let there: Vec<_> = receiver.sessions.iter().filter(|session| session.plan == *plan).map(|session| session.id).collect();
        assert!(there.starts_with(sessions));
        let first = &receiver.plan(*plan).unwrap().events[0];
        assert_eq!((first.id, &first.action), (*begins_with, &PlanAction::Receive { from: giver.client.id }));
        given += 1;
    }
    let is_receipt = |event: &&domain::plan::PlanEvent| matches!(event.action, PlanAction::Receive { .. });
    assert_eq!(charts.iter().flat_map(|chart| &chart.plans).flat_map(|plan| &plan.events).filter(is_receipt).count(), given);
}

fn money(chart: &Chart) {
    let mut unbilled = HashSet::new();
    for plan in &chart.plans {
        let money = chart.plan_billing(plan.id);
        assert!((0..=money.price).contains(&money.paid), "{money:?}");
        let sessions = chart.worth_of_sessions(plan.id);
        let worth =
            |wanted: fn(Billing) -> bool| sessions.iter().filter(|(_, billing, _)| wanted(*billing)).map(|(.., worth)| worth).sum::<i64>();
        assert_eq!(worth(|_| true), money.price);
        assert!(worth(|billing| billing == Billing::Paid) <= money.paid);
        unbilled.extend(sessions.iter().filter(|(_, billing, _)| *billing == Billing::Unbilled).map(|(session, ..)| *session));
    }
    let exceptions = chart.exceptions();
    let sessions = exceptions.iter().filter_map(|exception| match exception.kind {
        ExceptionKind::Item(BillingItem::Session(session)) => Some(session),
        _ => None,
    });
    assert_eq!(sessions.collect::<HashSet<_>>(), unbilled);
    let settled = |kind| matches!(kind, ExceptionKind::Item(item) if chart.settlements.iter().any(|settled| settled.item == item));
    assert!(!exceptions.iter().any(|exception| settled(exception.kind)));
}

/// No session of a series that asks for a consent was signed without one.
fn consents(chart: &Chart) {
    for visit in &chart.sessions {
        let Some(signed) = visit.signed.as_ref().filter(|_| chart.plan(visit.plan).unwrap().package == CAREFUL) else { continue };
        let of_plan: Vec<_> = chart.consents.iter().filter(|consent| consent.plan == Some(visit.plan)).collect();
        // One that was set aside for want of a consent was kept after it was signed.
        let of_visit = |change: &Change| matches!(change, Change::SignSession { session, record, .. } if *session == visit.id && *record == signed.record);
        let kept = chart.set_aside.iter().any(|item| of_visit(&item.change) && item.decided.is_some());
        // Clocks of devices differ; what counts is the order in which the server heard of it, and a chart keeps no trace of that.
        assert!(kept || !of_plan.is_empty(), "signed without consent");
    }
}

fn bookings(chart: &Chart) {
    for session in &chart.sessions {
        let plan = chart.plan(session.plan).unwrap();
        let ahead: Vec<_> = session.appointments.iter().filter(|booked| !session.is_held(booked)).collect();
        for open in chart.outstanding(session.id) {
            let holds = ahead.iter().filter(|booked| booked.procedures.is_empty() || booked.procedures.contains(&open.id)).count();
            assert!(holds < 2, "a procedure is booked twice");
        }
        let far = ahead.iter().any(|booked| booked.starts.millis() >= 1_900_000_000_000);
        assert!(!(far && plan.standing().is_over()), "a booking of a series that is over");
        assert!(session.appointments.is_sorted_by_key(|booked| booked.id));
    }
}

fn collisions(charts: &[Chart]) {
    let booked: Vec<_> = charts
        .iter()
        .flat_map(|chart| {
            chart.sessions.iter().flat_map(|session| &session.appointments).map(move |booked| (chart.client.id, booked.time()))
        })
        .collect();
    for (n, (client, one)) in booked.iter().enumerate() {
        let collides =
            |(other_client, other): &(_, domain::booking::Time)| one.collides(*other) || (client == other_client && one.overlaps(*other));
        assert!(!booked[..n].iter().any(collides), "somebody or something is in two places at once");
    }
}
