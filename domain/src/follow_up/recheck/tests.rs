use super::*;
use crate::{
    chart::tests::{PLAN, id, session},
    follow_up::{
        facts::{Concern, Facts},
        kind::Step,
        planner::{merge, plan_touches, schedule},
        policy::Policies,
        tests::{at, booking, chicago, honolulu, in_time, series},
    },
    ids::{PlanId, SessionId},
};

const FIRST: &str = "2026-10-06T15:00:00Z";

fn open() -> Reach {
    let line = Line { works: true, came_back: false, reminders: true, offers: true };
    Reach { sms: line, email: line, opted_out: false }
}

fn nudge(kind: Kind) -> Identity {
    Identity { plan: PLAN, session: session(2), kind, appointment: None }
}

/// Of session 2, at that time.
fn at_sending(facts: &Facts, kind: Kind, now: &str, reach: Reach, sent: &[Sent]) -> Decision {
    let (clock, policy) = (chicago(), Policy::standard());
    let schedule = schedule(std::slice::from_ref(facts), &Policies::standard(), &clock, in_time);
    decide(&nudge(kind), &Situation { schedule: &schedule, policy: &policy, reach, by: None, sent, clock: &clock, now: at(now) })
}

fn sent(kind: Kind, when: &str) -> Sent {
    Sent { identity: nudge(kind), at: at(when) }
}

const SOFT: Kind = Kind::Recovery(Step::Soft);
const VALUE: Kind = Kind::Recovery(Step::Value);

#[test]
fn a_touch_goes_when_it_is_due_and_by_the_policys_channels() {
    let facts = series(&[FIRST]);
    let decision = |kind, now| at_sending(&facts, kind, now, open(), &[]);
    assert_eq!(decision(Kind::Reminder, "2026-11-15T15:59:59Z"), Decision::Wait(at("2026-11-15T16:00:00Z")));
    // One touch by both.
    assert_eq!(decision(Kind::Reminder, "2026-11-15T16:00:00Z"), Decision::Send(vec![Channel::Sms, Channel::Email]));
    assert_eq!(decision(SOFT, "2026-11-26T16:00:01Z"), Decision::Send(vec![Channel::Sms]));
    assert_eq!(decision(Kind::Flag, "2026-12-15T16:00:00Z"), Decision::Call);
    assert_eq!(decision(Kind::CloseOut, "2026-12-15T16:00:00Z"), Decision::Suppress(Why::NoLongerPlanned));
}

#[test]
fn a_booking_of_the_last_second_ends_it() {
    let mut facts = series(&[FIRST]);
    facts.sessions[1].bookings.push(booking("2026-12-03T16:00:00Z"));
    let why = Why::Booked { starts: at("2026-12-03T16:00:00Z") };
    assert_eq!(at_sending(&facts, SOFT, "2026-11-26T16:00:01Z", open(), &[]), Decision::Suppress(why));
    let concern = Facts { concern: Concern::Open, ..series(&[FIRST]) };
    assert_eq!(at_sending(&concern, SOFT, "2026-11-26T16:00:01Z", open(), &[]), Decision::Suppress(Why::Concern));
}

#[test]
fn after_an_outage_only_the_newest_goes() {
    let facts = series(&[FIRST]);
    let decision = |kind, now, sent: &[Sent]| at_sending(&facts, kind, now, open(), sent);
    // Down from 25 November to 2 December.
    let back = "2026-12-02T18:00:00Z";
    assert_eq!(decision(SOFT, back, &[]), Decision::Expire);
    assert_eq!(decision(VALUE, back, &[]), Decision::Send(vec![Channel::Sms]));
    // Not expired by itself, but a newer one is due.
    let mut close = series(&[FIRST]);
    close.tolerance_days = 0;
    let mut policy = Policy::standard();
    policy.rules.iter_mut().filter(|rule| rule.kind == SOFT).for_each(|rule| rule.offset = 4);
    policy.rules.iter_mut().filter(|rule| rule.kind == VALUE).for_each(|rule| rule.offset = 6);
    let clock = chicago();
    let schedule = plan_touches(&close, &policy, &clock);
    let now = at("2026-11-23T16:00:00Z");
    let situation = Situation { schedule: &schedule, policy: &policy, reach: open(), by: None, sent: &[], clock: &clock, now };
    assert_eq!(decide(&nudge(SOFT), &situation), Decision::Expire);
    assert_eq!(decide(&nudge(VALUE), &situation), Decision::Send(vec![Channel::Sms]));
    // Nor an older one after a newer.
    assert_eq!(decision(SOFT, "2026-11-27T18:00:00Z", &[sent(VALUE, "2026-11-26T16:00:00Z")]), Decision::Expire);
}

#[test]
fn nothing_is_sent_twice_and_never_a_fifth() {
    let facts = series(&[FIRST]);
    let once = [sent(SOFT, "2026-11-26T16:00:00Z")];
    assert_eq!(at_sending(&facts, SOFT, "2026-11-26T16:00:09Z", open(), &once), Decision::Suppress(Why::AlreadySent));
    // However it came to be four: the same rung sent under another day 0 counts, too.
    let four = [(Kind::Reminder, "2026-11-15"), (Kind::Reminder, "2026-11-16"), (SOFT, "2026-11-26"), (SOFT, "2026-11-28")]
        .map(|(kind, day)| sent(kind, &format!("{day}T16:00:00Z")));
    assert_eq!(at_sending(&facts, VALUE, "2026-12-01T16:00:00Z", open(), &four), Decision::Suppress(Why::FourSent));
    assert_eq!(at_sending(&facts, VALUE, "2026-12-01T16:00:00Z", open(), &four[1..]), Decision::Send(vec![Channel::Sms]));
}

#[test]
fn night_and_rest_are_waited_for() {
    let facts = series(&[FIRST]);
    // The server is back at 22:00.
    let night = at_sending(&facts, SOFT, "2026-11-27T04:00:00Z", open(), &[]);
    assert_eq!(night, Decision::Wait(at("2026-11-27T14:00:00Z")));
    let other = Identity { plan: PlanId(id(99)), session: SessionId(id(98)), kind: Kind::CheckIn, appointment: None };
    let lately = [Sent { identity: other, at: at("2026-11-26T15:00:00Z") }];
    let rest = |now, sent| at_sending(&facts, SOFT, now, open(), sent);
    assert_eq!(rest("2026-11-26T16:00:00Z", &lately), Decision::Wait(at("2026-11-27T14:00:00Z")));
    let rested = [Sent { identity: other, at: at("2026-11-25T20:00:00Z") }];
    assert_eq!(rest("2026-11-26T16:00:00Z", &rested), Decision::Send(vec![Channel::Sms]));
    // Until then it would be too late: what was sent last has to be enough. And a night it does not outlive ends it.
    let too_lately = [Sent { identity: other, at: at("2026-11-28T00:00:00Z") }];
    assert_eq!(rest("2026-11-28T15:00:00Z", &too_lately), Decision::Merge { into: other });
    let mut short = series(&[FIRST]);
    short.sessions[1].bookings.push(booking("2026-11-18T13:30:00Z"));
    let appointment = Identity { appointment: Some(at("2026-11-18T13:30:00Z")), ..nudge(Kind::Appointment) };
    let clock = chicago();
    let schedule = plan_touches(&short, &Policy::standard(), &clock);
    let decision = |now: &str| {
        let policy = Policy::standard();
        decide(
            &appointment,
            &Situation { schedule: &schedule, policy: &policy, reach: open(), by: None, sent: &[], clock: &clock, now: at(now) },
        )
    };
    assert_eq!(decision("2026-11-18T09:00:00Z"), Decision::Expire);
    // Aftercare waits for neither.
    let facts = series(&["2026-10-07T03:30:00Z"]);
    let aftercare = Identity { session: session(1), ..nudge(Kind::Aftercare) };
    let schedule = plan_touches(&facts, &Policy::standard(), &clock);
    let policy = Policy::standard();
    let lately = [Sent { identity: other, at: at("2026-10-07T02:00:00Z") }];
    let situation = Situation {
        schedule: &schedule,
        policy: &policy,
        reach: open(),
        by: None,
        sent: &lately,
        clock: &clock,
        now: at("2026-10-07T04:00:00Z"),
    };
    assert_eq!(decide(&aftercare, &situation), Decision::Send(vec![Channel::Email]));
}

#[test]
fn what_is_merged_says_into_what() {
    let facts = series(&[FIRST]);
    let clock = chicago();
    let aftercare = Touch {
        identity: Identity { plan: PlanId(id(99)), session: SessionId(id(98)), kind: Kind::Aftercare, appointment: None },
        due: at("2026-11-26T20:00:00Z"),
        ..plan_touches(&facts, &Policy::standard(), &clock)[0]
    };
    let aftercare = Touch { fate: Fate::Send, ..aftercare };
    let schedule = merge(plan_touches(&facts, &Policy::standard(), &clock).into_iter().chain([aftercare]).collect(), in_time);
    let policy = Policy::standard();
    let situation = Situation {
        schedule: &schedule,
        policy: &policy,
        reach: open(),
        by: None,
        sent: &[],
        clock: &clock,
        now: at("2026-11-26T16:00:00Z"),
    };
    assert_eq!(decide(&nudge(SOFT), &situation), Decision::Merge { into: aftercare.identity });
}

fn rule(kind: Kind) -> Rule {
    Policy::standard().rule(kind).cloned().unwrap()
}

#[test]
fn a_client_is_reached_as_she_chose() {
    let (none, open_line) = (Line { works: false, came_back: false, reminders: true, offers: true }, open().sms);
    let channels = |reach: Reach, kind: Kind| reach.channels(&rule(kind));
    let sms_only = Reach { email: none, ..open() };
    assert_eq!(channels(sms_only, Kind::Reminder), Ok(vec![Channel::Sms]));
    assert_eq!(channels(sms_only, Kind::Aftercare), Ok(vec![Channel::Sms]));
    assert_eq!(channels(Reach { sms: none, ..sms_only }, Kind::Aftercare), Err(Why::NoAddress));
    // As nobody has said anything: reminders, and nothing that sells.
    let presumed = Line { offers: false, ..open_line };
    let presumed = Reach { sms: presumed, email: presumed, opted_out: false };
    assert!(channels(presumed, SOFT).is_ok());
    assert_eq!(channels(presumed, Kind::CloseOut), Err(Why::NotWanted));
    let silent = Line { reminders: false, offers: false, works: true, came_back: false };
    let silent = Reach { sms: silent, email: silent, opted_out: false };
    assert_eq!(channels(silent, Kind::Appointment), Err(Why::NotWanted));
    assert_eq!(channels(silent, Kind::CheckIn), Ok(vec![Channel::Sms]));
    let email_only = Reach { sms: Line { reminders: false, ..open_line }, ..open() };
    assert_eq!(channels(email_only, Kind::Reminder), Ok(vec![Channel::Email]));
}

#[test]
fn stop_is_a_choice_and_not_a_bounce() {
    let stopped = Reach { opted_out: true, ..open() };
    for kind in Kind::ALL.into_iter().filter(|kind| kind.is_promotional() && kind.is_message()) {
        assert_eq!(stopped.channels(&rule(kind)), Err(Why::OptedOut), "{kind}");
        assert_eq!(stopped.after_bounce(&rule(kind), &[Channel::Sms]), None, "{kind}");
    }
    // What belongs to the treatment or to a booked time goes by the other way.
    for kind in [Kind::Aftercare, Kind::CheckIn, Kind::Appointment] {
        assert_eq!(stopped.channels(&rule(kind)), Ok(vec![Channel::Email]), "{kind}");
    }
    let no_email = Reach { email: Line { works: false, ..open().email }, ..stopped };
    assert_eq!(no_email.channels(&rule(Kind::Aftercare)), Err(Why::OptedOut));
}

#[test]
fn a_bounce_takes_the_other_channel_once() {
    assert_eq!(open().after_bounce(&rule(SOFT), &[Channel::Sms]), Some(Channel::Email));
    assert_eq!(open().after_bounce(&rule(SOFT), &[Channel::Sms, Channel::Email]), None);
    let mut only = rule(SOFT);
    only.channels = vec![Channel::Sms];
    assert_eq!(open().after_bounce(&only, &[Channel::Sms]), Some(Channel::Email));
    only.texts[0].body.clear();
    assert_eq!(open().after_bounce(&only, &[Channel::Sms]), None);
}

#[test]
fn an_uncertain_touch_is_asked_about_and_never_sent_again() {
    let clock = chicago();
    let touches = plan_touches(&series(&[FIRST]), &Policy::standard(), &clock);
    let touch = |kind: Kind| *touches.iter().rev().find(|touch| touch.identity.kind == kind).unwrap();
    let started = at("2026-10-06T15:31:00Z");
    let after = |kind: Kind, tried, now: &str| after_crash(&touch(kind), &rule(kind), open(), tried, started, at(now));
    assert_eq!(after(SOFT, Channel::Sms, "2026-10-06T15:45:59Z"), AfterCrash::Ask { until: at("2026-10-06T15:46:00Z") });
    assert_eq!(after(SOFT, Channel::Sms, "2026-10-06T15:46:00Z"), AfterCrash::Drop);
    assert_eq!(after(Kind::Aftercare, Channel::Email, "2026-10-06T15:46:00Z"), AfterCrash::Send(Channel::Sms));
    // Two days later it says nothing new.
    assert_eq!(after(Kind::Aftercare, Channel::Email, "2026-10-08T15:00:00Z"), AfterCrash::Drop);
}

#[test]
fn her_own_night_is_waited_for() {
    let facts = series(&[FIRST]);
    let policy = Policy::standard();
    let schedule = schedule(std::slice::from_ref(&facts), &Policies::standard(), &chicago(), in_time);
    let at_ten = |clock: &ClinicClock, reach| {
        let now = at("2026-11-26T16:00:00Z");
        decide(&nudge(SOFT), &Situation { schedule: &schedule, policy: &policy, reach, by: None, sent: &[], clock, now })
    };
    // Planned before she said where she is: six in the morning there.
    assert_eq!(at_ten(&honolulu(), open()), Decision::Wait(at("2026-11-26T18:00:00Z")));
    assert_eq!(at_ten(&chicago(), open()), Decision::Send(vec![Channel::Sms]));
}

#[test]
fn what_comes_back_is_not_tried_again() {
    let dead = Line { works: false, came_back: true, ..open().sms };
    let none = Line { works: false, ..open().sms };
    let (dead_sms, no_sms) = (Reach { sms: dead, ..open() }, Reach { sms: none, ..open() });
    assert_eq!(dead_sms.channels(&rule(SOFT)), Ok(vec![Channel::Email]));
    assert_eq!(dead_sms.channels(&rule(Kind::Reminder)), Ok(vec![Channel::Email]));
    // Even where the clinic sends by SMS only, as after a bounce; but not to who never gave a number.
    let mut only = rule(SOFT);
    only.channels = vec![Channel::Sms];
    assert_eq!((dead_sms.channels(&only), no_sms.channels(&only)), (Ok(vec![Channel::Email]), Err(Why::NoAddress)));
    let unwanted = Reach { email: Line { reminders: false, ..open().email }, ..dead_sms };
    assert_eq!(unwanted.channels(&only), Err(Why::NoAddress));
    only.texts[0].body.clear();
    assert_eq!(dead_sms.channels(&only), Err(Why::NoAddress));
    let both = Reach { email: dead, ..dead_sms };
    assert_eq!(both.channels(&rule(Kind::Aftercare)), Err(Why::NoAddress));
    assert_eq!(both.after_bounce(&rule(SOFT), &[Channel::Sms]), None);
}

#[test]
fn a_retry_goes_by_its_one_way_and_not_where_she_said_stop() {
    let (facts, clock, policy) = (series(&["2026-10-06T15:00:00Z"]), chicago(), Policy::standard());
    let schedule = plan_touches(&facts, &policy, &clock);
    let aftercare = Identity { session: session(1), ..nudge(Kind::Aftercare) };
    let retried = |reach: Reach| {
        let now = at("2026-10-06T16:00:00Z");
        decide(
            &aftercare,
            &Situation { schedule: &schedule, policy: &policy, reach, by: Some(Channel::Sms), sent: &[], clock: &clock, now },
        )
    };
    // The policy names only e-mail.
    assert_eq!(retried(open()), Decision::Send(vec![Channel::Sms]));
    assert_eq!(retried(Reach { opted_out: true, ..open() }), Decision::Suppress(Why::OptedOut));
    let dead = Line { works: false, came_back: true, ..open().sms };
    assert_eq!(retried(Reach { sms: dead, ..open() }), Decision::Suppress(Why::NoAddress));
}
