use super::*;
use crate::{
    chart::tests::{PLAN, id, session},
    follow_up::{
        policy::Channel,
        tests::{at, berlin, booking, chicago, day, honolulu, in_time, series, to_send},
        times::is_quiet,
    },
};

const FIRST: &str = "2026-10-06T15:00:00Z";

fn planned(facts: &Facts) -> Vec<Touch> {
    plan_touches(facts, &Policy::standard(), &chicago())
}

fn fate(touches: &[Touch], kind: Kind, number: u16) -> Fate {
    let found: Vec<_> = touches.iter().filter(|touch| touch.identity.kind == kind && touch.identity.session == session(number)).collect();
    found.last().unwrap_or_else(|| panic!("no {kind} of session {number}")).fate
}

#[test]
fn a_series_of_42_days_has_the_whole_sequence() {
    // Charted at 10:30 on 6 October; clocks go back on 1 November. Due on 17 November, in the window until the 24th.
    assert_eq!(
        to_send(&planned(&series(&[FIRST]))),
        [
            "aftercare 2026-10-06 10:30",
            "check_in 2026-10-13 10:00",
            "midpoint 2026-10-27 10:00",
            "rebooking_prompt 2026-11-10 10:00",
            "reminder 2026-11-15 10:00",
            "recovery_soft 2026-11-26 10:00",
            "recovery_value 2026-12-01 10:00",
            "recovery_last 2026-12-08 10:00",
            "flag 2026-12-15 10:00",
        ]
    );
}

#[test]
fn a_sold_series_is_followed_from_its_first_session_on() {
    let touches = planned(&series(&[]));
    assert_eq!(to_send(&touches)[..2], ["rebooking_prompt 2026-09-08 10:00", "reminder 2026-09-13 10:00"]);
    let lapse = touches.iter().find(|touch| touch.identity.kind == Kind::Recovery(Step::Soft)).unwrap().lapse.unwrap();
    assert_eq!(lapse, Lapse { plan: PLAN, session: session(1), day_0: day("2026-09-22") });
}

#[test]
fn short_and_long_intervals_are_scaled() {
    let with = |interval: u16| {
        let mut facts = series(&[FIRST]);
        (facts.interval_days, facts.tolerance_days) = (interval, Policy::standard().tolerance(interval));
        facts.sessions[1].due = Some(day("2026-10-06").plus(i32::from(interval)));
        planned(&facts)
    };
    let ninety = with(90);
    assert!(to_send(&ninety).contains(&"midpoint 2026-11-20 10:00".to_owned()));
    assert!(to_send(&ninety).contains(&"recovery_soft 2027-01-20 10:00".to_owned()));
    // Six days after the check-in a midpoint says nothing new; seven days after it does.
    assert_eq!(fate(&with(26), Kind::Midpoint, 1), Fate::Suppressed(Why::NoRoom));
    assert_eq!(fate(&with(28), Kind::Midpoint, 1), Fate::Send);
    // Of a week there is no prompt on the day of the visit, and a reminder nevertheless.
    let week = with(7);
    assert!(week.iter().all(|touch| touch.identity.kind != Kind::RebookingPrompt || touch.identity.session == session(1)));
    assert_eq!(fate(&week, Kind::Reminder, 2), Fate::Send);
}

#[test]
fn forty_eight_hours_are_elapsed_time_and_rungs_are_calendar_days() {
    // Due on 2 November, the day after clocks go back: 48 hours before 10:00 is 11:00.
    let mut facts = series(&[FIRST]);
    facts.sessions[1].due = Some(day("2026-11-02"));
    assert!(to_send(&planned(&facts)).contains(&"reminder 2026-10-31 11:00".to_owned()));
    // And forward, on 14 March: 09:00.
    facts.sessions[1].due = Some(day("2027-03-15"));
    assert!(to_send(&planned(&facts)).contains(&"reminder 2027-03-13 09:00".to_owned()));
    // At 08:30 that would be 07:30, in the quiet hours.
    let early = Policy { minute: 8 * 60 + 30, ..Policy::standard() };
    assert!(to_send(&plan_touches(&facts, &early, &chicago())).contains(&"reminder 2027-03-13 08:00".to_owned()));
    // Days are the calendar's, on either side: day 2 after 24 October and day 14.
    facts.sessions[1].due = Some(day("2026-10-17"));
    let lines = to_send(&planned(&facts));
    assert!(["recovery_soft 2026-10-26 10:00", "recovery_last 2026-11-07 10:00"].iter().all(|line| lines.contains(&(*line).to_owned())));
}

#[test]
fn a_booking_ends_all_nudges_and_brings_its_own_reminder() {
    let mut facts = series(&[FIRST]);
    facts.sessions[1].bookings.push(booking("2026-11-17T16:00:00Z"));
    let touches = planned(&facts);
    for touch in touches.iter().filter(|touch| touch.identity.kind.is_nudge() && touch.identity.session == session(2)) {
        assert_eq!(touch.fate, Fate::Suppressed(Why::Booked { starts: at("2026-11-17T16:00:00Z") }));
    }
    assert_eq!(to_send(&touches)[3..], ["appointment 2026-11-15 10:00"]);
    // At 07:00 in the morning: reminded the evening before, not the morning after.
    facts.sessions[1].bookings = vec![booking("2026-11-17T13:00:00Z")];
    assert_eq!(to_send(&planned(&facts))[3..], ["appointment 2026-11-14 20:00"]);
    // Booked yesterday for tomorrow.
    facts.sessions[1].bookings = vec![Booking { made: Some(at("2026-11-16T16:00:00Z")), ..booking("2026-11-17T16:00:00Z") }];
    assert_eq!(fate(&planned(&facts), Kind::Appointment, 2), Fate::Suppressed(Why::BookedLate));
}

#[test]
fn what_was_due_while_she_was_booked_is_not_made_up_for() {
    // Booked, and cancelled on 27 November: the soft recovery of the 26th is over, the next is to come. Day 0 stays.
    let mut facts = series(&[FIRST]);
    facts.sessions[1].free_since = Some(at("2026-11-27T18:00:00Z"));
    let touches = planned(&facts);
    assert_eq!(fate(&touches, Kind::Recovery(Step::Soft), 2), Fate::Suppressed(Why::WasBooked));
    assert_eq!(to_send(&touches)[3..], ["recovery_value 2026-12-01 10:00", "recovery_last 2026-12-08 10:00", "flag 2026-12-15 10:00"]);
}

#[test]
fn a_missed_appointment_begins_anew() {
    let mut facts = series(&[FIRST]);
    facts.sessions[1].missed = vec![booking("2026-12-02T16:00:00Z")];
    facts.sessions[1].free_since = Some(at("2026-12-02T17:00:00Z"));
    let touches = planned(&facts);
    let anew: Vec<_> = touches.iter().filter(|touch| touch.lapse.is_some_and(|lapse| lapse.day_0 == day("2026-12-02"))).copied().collect();
    assert_eq!(
        to_send(&anew),
        ["recovery_soft 2026-12-04 10:00", "recovery_value 2026-12-09 10:00", "recovery_last 2026-12-16 10:00", "flag 2026-12-23 10:00"]
    );
    assert_eq!(anew[0].identity.appointment, Some(at("2026-12-02T16:00:00Z")));
    // Of the first gap nothing is left to be sent, and what it was is still told.
    let of_first = |identity: Identity| identity.kind.is_nudge() && identity.session == session(2) && identity.appointment.is_none();
    let first: Vec<_> = touches.iter().filter(|touch| of_first(touch.identity)).collect();
    assert_eq!(first.len(), 6);
    assert!(first.iter().all(|touch| matches!(touch.fate, Fate::Suppressed(Why::WasBooked | Why::StartedAnew { .. }))));
    // Missed before it was due: the window ends as it would have, and the reminder still goes.
    facts.sessions[1].missed = vec![booking("2026-11-12T16:00:00Z")];
    facts.sessions[1].free_since = Some(at("2026-11-12T17:00:00Z"));
    assert_eq!(to_send(&planned(&facts))[3..5], ["appointment 2026-11-10 10:00", "reminder 2026-11-15 10:00"]);
}

#[test]
fn a_delivered_session_needs_no_nudge_and_brings_the_next() {
    let touches = planned(&series(&[FIRST, "2026-11-20T16:00:00Z"]));
    assert_eq!(fate(&touches, Kind::Reminder, 2), Fate::Suppressed(Why::Delivered { number: 2 }));
    assert_eq!(fate(&touches, Kind::Reminder, 3), Fate::Send);
    // Here again before the midpoint of the first.
    let soon = planned(&series(&[FIRST, "2026-10-20T16:00:00Z"]));
    assert_eq!(fate(&soon, Kind::Midpoint, 1), Fate::Suppressed(Why::Delivered { number: 2 }));
    assert_eq!(fate(&soon, Kind::CheckIn, 1), Fate::Send);
}

#[test]
fn aftercare_goes_when_it_is_charted_and_within_two_days() {
    let mut facts = series(&[FIRST]);
    let signed = |text: &str| Some(Delivered { at: at(FIRST), signed: Some(at(text)) });
    facts.sessions[0].delivered = signed("2026-10-08T04:00:00Z");
    let aftercare = *planned(&facts).iter().find(|touch| touch.identity.kind == Kind::Aftercare).unwrap();
    assert_eq!((aftercare.due, aftercare.expires), (at("2026-10-08T04:00:00Z"), Some(at("2026-10-08T15:00:00Z"))));
    assert!(aftercare.is_to_send());
    facts.sessions[0].delivered = signed("2026-10-08T15:00:00Z");
    assert_eq!(fate(&planned(&facts), Kind::Aftercare, 1), Fate::Suppressed(Why::ChartedLate));
}

#[test]
fn pauses_ends_and_concerns_hold_what_promotes_and_nothing_else() {
    let promotes = |facts: &Facts, why: Why| {
        let touches = planned(facts);
        assert!(touches.iter().filter(|t| t.identity.kind.is_promotional()).all(|t| t.fate == Fate::Suppressed(why)), "{why:?}");
        assert_eq!(to_send(&touches), ["aftercare 2026-10-06 10:30", "check_in 2026-10-13 10:00"]);
    };
    let facts = series(&[FIRST]);
    promotes(&Facts { standing: Standing::Frozen { until: None }, ..facts.clone() }, Why::Paused);
    promotes(&Facts { standing: Standing::Voided, ..facts.clone() }, Why::Ended);
    promotes(&Facts { standing: Standing::Transferred, ..facts.clone() }, Why::Ended);
    promotes(&Facts { concern: Concern::Open, ..facts.clone() }, Why::Concern);
    // Closed on 20 November: what was due meanwhile is not made up for.
    let closed = Facts { concern: Concern::Closed(at("2026-11-20T18:00:00Z")), ..facts.clone() };
    assert_eq!(fate(&planned(&closed), Kind::Reminder, 2), Fate::Suppressed(Why::Concern));
    assert_eq!(fate(&planned(&closed), Kind::Recovery(Step::Soft), 2), Fate::Send);
    let declined = Facts { declined: Some(at("2026-11-01T18:00:00Z")), ..facts };
    assert_eq!(fate(&planned(&declined), Kind::Reminder, 2), Fate::Suppressed(Why::DoesNotGoOn));
    assert_eq!(fate(&planned(&declined), Kind::Midpoint, 1), Fate::Send);
}

#[test]
fn the_close_out_waits_for_the_check_in_and_for_the_end_of_a_concern() {
    let all = ["2026-09-10", "2026-10-22", "2026-12-03", "2027-01-14", "2027-02-25", "2027-04-08"].map(|day| format!("{day}T16:00:00Z"));
    let mut facts = series(&all.each_ref().map(String::as_str));
    let last = |facts: &Facts| to_send(&planned(facts)).pop().unwrap();
    // Day 7 belongs to the check-in.
    assert_eq!(last(&facts), "close_out 2027-04-16 10:00");
    facts.concern = Concern::Open;
    assert_eq!(last(&facts), "check_in 2027-04-15 10:00");
    assert_eq!(fate(&planned(&facts), Kind::CloseOut, 6), Fate::Suppressed(Why::Concern));
    facts.concern = Concern::Closed(at("2027-06-01T18:00:00Z"));
    assert_eq!(last(&facts), "close_out 2027-06-02 10:00");
    // There is no midpoint after the last, and no close-out before it.
    assert!(planned(&facts).iter().all(|t| t.identity.kind != Kind::Midpoint || t.identity.session != session(6)));
    assert!(planned(&series(&[FIRST])).iter().all(|t| t.identity.kind != Kind::CloseOut));
    let mut alone = Policy::standard();
    alone.rules.iter_mut().filter(|rule| rule.kind == Kind::CheckIn).for_each(|rule| rule.on = false);
    facts.concern = Concern::None;
    assert_eq!(to_send(&plan_touches(&facts, &alone, &chicago())).pop().unwrap(), "close_out 2027-04-15 10:00");
}

#[test]
fn a_light_policy_reminds_once() {
    let light = plan_touches(&series(&[FIRST]), &Policy::light(), &chicago());
    assert_eq!(to_send(&light), ["aftercare 2026-10-06 10:30", "reminder 2026-11-15 10:00"]);
    assert_eq!(fate(&light, Kind::Recovery(Step::Last), 2), Fate::Suppressed(Why::NotInPolicy));
}

#[test]
fn what_was_due_before_the_clinic_followed_up_is_not_planned_but_for_the_call_list() {
    let facts = Facts { followed_since: at("2026-12-20T06:00:00Z"), ..series(&[FIRST]) };
    let touches = planned(&facts);
    assert_eq!(touches.iter().map(|touch| touch.identity.kind).collect::<Vec<_>>(), [Kind::Flag]);
}

/// A message of some plan, due then.
fn touch(plan: u128, kind: Kind, due: &str) -> Touch {
    Touch {
        identity: Identity { plan: PlanId(id(plan)), session: SessionId(id(plan + 1000)), kind, appointment: None },
        client: ClientId(id(20)),
        due: at(due),
        expires: None,
        lapse: None,
        fate: Fate::Send,
    }
}

#[test]
fn of_two_messages_within_20_hours_the_later_goes() {
    let first = touch(1, Kind::Reminder, "2026-11-10T16:00:00Z");
    for (due, merged) in [("2026-11-11T11:59:00Z", true), ("2026-11-11T12:00:00Z", false)] {
        let second = touch(2, Kind::Recovery(Step::Soft), due);
        let touches = merge(vec![second, first], in_time);
        assert_eq!(touches[0].fate, if merged { Fate::Merged { into: second.identity } } else { Fate::Send }, "{due}");
        assert_eq!(touches[1].fate, Fate::Send);
    }
    // Of three in a row the middle one gives way, and the first is at rest from the third.
    let [a, b, c] = [
        touch(1, Kind::Reminder, "2026-11-10T16:00:00Z"),
        touch(2, Kind::Reminder, "2026-11-11T06:00:00Z"),
        touch(3, Kind::Reminder, "2026-11-11T15:00:00Z"),
    ];
    assert_eq!(merge(vec![a, b, c], in_time).iter().map(Touch::is_to_send).collect::<Vec<_>>(), [true, false, true]);
}

#[test]
fn what_matters_more_is_not_merged_into_what_can_wait() {
    let due = ["2026-11-10T16:00:00Z", "2026-11-10T20:00:00Z"];
    let order = [Kind::Aftercare, Kind::Appointment, Kind::CheckIn, Kind::Reminder, Kind::CloseOut];
    for (n, kind) in order.into_iter().enumerate() {
        for less in &order[n + 1..] {
            let (more, less) = (touch(1, kind, due[0]), touch(2, *less, due[1]));
            assert_eq!(merge(vec![more, less], in_time)[1].fate, Fate::Merged { into: more.identity });
            // Not into what nobody knew of in time.
            assert!(merge(vec![more, less], |touch| *touch == more)[1].is_to_send());
        }
    }
    // What is not sent takes nobody's place, and a flag is no message.
    let suppressed = Touch { fate: Fate::Suppressed(Why::Paused), ..touch(1, Kind::Reminder, due[1]) };
    let flag = touch(3, Kind::Flag, due[1]);
    assert!(merge(vec![touch(2, Kind::Reminder, due[0]), suppressed, flag], in_time)[0].is_to_send());
}

#[test]
fn an_edited_policy_moves_touches_and_keeps_their_identity() {
    let mut later = Policy { tolerance_days: Some(20), minute: 12 * 60, ..Policy::standard() };
    later.rules.iter_mut().for_each(|rule| rule.channels = vec![Channel::Email]);
    let mut facts = series(&[FIRST]);
    let before: Vec<_> = planned(&facts).iter().map(|touch| touch.identity).collect();
    facts.tolerance_days = later.tolerance(42);
    let mut after: Vec<_> = plan_touches(&facts, &later, &chicago()).iter().map(|touch| touch.identity).collect();
    after.sort();
    let mut before = before;
    before.sort();
    assert_eq!(before, after);
}

/// The check-in after a visit, planned by a clinic in Chicago.
fn check_in(visited: &str, minute: u16, hers: &ClinicClock) -> Moment {
    let policy = Policy { minute, ..Policy::standard() };
    let touches = plan_touches(&series(&[visited]), &policy, Clocks { clinic: &chicago(), client: hers });
    touches.iter().find(|touch| touch.identity.kind == Kind::CheckIn).unwrap().due
}

#[test]
fn the_day_is_the_clinics_and_the_night_is_hers() {
    for (visited, minute, hers, wanted) in [
        // Ten in the morning in Chicago is six in Honolulu in winter, and five in summer.
        ("2026-10-24T16:00:00Z", 600, honolulu(), "2026-10-31T18:00:00Z"),
        ("2026-10-25T16:00:00Z", 600, honolulu(), "2026-11-01T18:00:00Z"),
        ("2027-03-06T16:00:00Z", 600, honolulu(), "2027-03-13T18:00:00Z"),
        ("2027-03-07T16:00:00Z", 600, honolulu(), "2027-03-14T18:00:00Z"),
        // Eight in the evening is night in Berlin: the mornings before, in and after the night in which its clocks go back …
        ("2026-10-16T16:00:00Z", 1200, berlin(), "2026-10-24T06:00:00Z"),
        ("2026-10-17T16:00:00Z", 1200, berlin(), "2026-10-25T07:00:00Z"),
        ("2026-10-18T16:00:00Z", 1200, berlin(), "2026-10-26T07:00:00Z"),
        // … and forward.
        ("2027-03-19T16:00:00Z", 1200, berlin(), "2027-03-27T07:00:00Z"),
        ("2027-03-20T16:00:00Z", 1200, berlin(), "2027-03-28T06:00:00Z"),
        ("2027-03-21T16:00:00Z", 1200, berlin(), "2027-03-29T06:00:00Z"),
        // By day she gets it when the clinic sends it.
        ("2026-10-17T16:00:00Z", 600, berlin(), "2026-10-24T15:00:00Z"),
        ("2026-10-17T16:00:00Z", 600, chicago(), "2026-10-24T15:00:00Z"),
    ] {
        assert_eq!(check_in(visited, minute, &hers), at(wanted), "{visited} {}", hers.zone);
    }
}

#[test]
fn no_nudge_is_due_in_her_night_nor_an_appointments_reminder() {
    for hers in [berlin(), honolulu(), chicago()] {
        let mut facts = series(&["2026-10-06T15:00:00Z"]);
        facts.sessions[1].bookings.push(booking("2026-12-03T16:00:00Z"));
        for facts in [facts, series(&["2026-10-06T15:00:00Z"])] {
            for minute in [480, 600, 1259] {
                let policy = Policy { minute, ..Policy::standard() };
                let touches = plan_touches(&facts, &policy, Clocks { clinic: &chicago(), client: &hers });
                let quiet = touches.iter().filter(|touch| touch.identity.kind.keeps_quiet_hours() && is_quiet(&hers, touch.due));
                assert_eq!(quiet.count(), 0, "{} {minute}", hers.zone);
            }
        }
    }
}
