//! The call list.

use super::{
    booked::book,
    desk::{Desk, at},
};
use crate::{
    clinic::{CLINIC, client},
    device::signed_in,
};
use domain::{
    follow_up::{
        call_list::{Action, Outcome, Turn},
        kind::Kind,
        touch_state::State,
    },
    time::Day,
};
use server::follow_up::call_list::{self, NotLogged};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_stalled_plan_comes_to_it_and_leaves_it_when_booked(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 3).await;
    let server = desk.server().await;
    assert_eq!(call_list::of_clinic(&desk.clinics, CLINIC).await.unwrap(), []);
    // Its window ended on 22 January.
    desk.clock.set("2026-02-12T16:00:00Z");
    server.once().await.unwrap();
    assert_eq!((desk.state(0, Kind::Flag).await, desk.carrier.has().len()), (State::Accepted, 0));
    let list = call_list::of_clinic(&desk.clinics, CLINIC).await.unwrap();
    assert_eq!(list.len(), 3);
    assert!(
        list.iter().all(|one| one.turn == Turn::Due
            && one.entry.stranded_minor == 402
            && one.entry.age_days(Day::new(2026, 2, 12).unwrap()) == 21)
    );
    let of = |n: u128| list.iter().find(|one| one.entry.client == client(n)).unwrap().id;

    desk.applied(client(0), book(0, 1, at("2026-02-20T16:00:00Z"))).await;
    let called = |outcome| Action::Called { outcome, minutes: 4 };
    let log = async |n, what| call_list::log(&desk.clinics, &signed_in(), of(n), what, "spoke with her".into()).await.unwrap();
    assert_eq!(log(1, called(Outcome::DoesNotGoOn)).await, Ok(()));
    assert_eq!(log(2, Action::Snoozed { until: Day::new(2026, 2, 20).unwrap() }).await, Ok(()));
    assert!(matches!(log(2, Action::Snoozed { until: Day::new(2026, 2, 1).unwrap() }).await, Err(NotLogged::Faults(_))));
    let list = call_list::of_clinic(&desk.clinics, CLINIC).await.unwrap();
    let left: Vec<_> = list.iter().map(|one| (one.entry.client, one.turn, one.entry.log.len())).collect();
    assert_eq!(left, [(client(2), Turn::Later(Day::new(2026, 2, 20).unwrap()), 1)]);
    let stranger =
        call_list::log(&desk.clinics, &signed_in(), crate::clinic::id(9), called(Outcome::NoAnswer), String::new()).await.unwrap();
    assert_eq!(stranger, Err(NotLogged::NotThere));
}
