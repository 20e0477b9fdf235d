use super::*;
use crate::signed_record::sample;
use domain::{
    catalogue::Room,
    chart::Chart,
    hours::{OpeningHours, StaffHours},
    ids::RoomId,
};
use uuid::Uuid;

const TODAY: &str = "2026-11-21";

fn clinic() -> Catalogue {
    let day = || vec![Open { from: 510, to: 720 }, Open { from: 780, to: 1050 }];
    let mut week: domain::hours::Week = std::array::from_fn(|_| day());
    week[6] = Vec::new();
    let mornings = StaffHours { staff: sample::OTHER, week: std::array::from_fn(|_| vec![Open { from: 0, to: 660 }]) };
    let hours = OpeningHours { week, closures: vec![], staff: vec![mornings] };
    let room = |id, name: &str| Room { id: RoomId(Uuid::from_u128(id)), name: name.into(), retired: false, version: 1 };
    Catalogue { hours, rooms: vec![room(1, "Room 1"), room(2, "Room 2")], ..sample::catalogue() }
}

fn booked(client: u128, at: &str, change: impl Fn(&mut Appointment)) -> Chart {
    let mut chart = sample::chart(6);
    chart.client = sample::client(client, &format!("Client {client}"));
    chart.sessions[4].appointments = sample::booked(at);
    chart.sessions[4].appointments[0].id.0 = Uuid::from_u128(client);
    change(&mut chart.sessions[4].appointments[0]);
    chart
}

fn shown(charts: &[Chart], asked: Asked) -> Board {
    let catalogue = clinic();
    board(&sample::replica(charts, &catalogue), &catalogue, &asked, sample::day(TODAY), None)
}

fn asked(by: By, span: Span) -> Asked {
    Asked { by, span, ..Asked::default() }
}

#[test]
fn a_day_has_a_column_for_each_provider_with_what_is_booked() {
    let early = booked(1, "2026-11-21T09:00:00Z", |_| {});
    let other = booked(2, "2026-11-21T17:45:00Z", |one| one.provider = sample::OTHER);
    let tomorrow = booked(3, "2026-11-22T09:00:00Z", |_| {});
    let board = shown(&[early, other, tomorrow], asked(By::Provider, Span::Day));
    let columns: Vec<_> = board.columns.iter().map(|column| (column.title.as_str(), column.cards.len())).collect();
    assert_eq!(columns, [("A. Osei", 1), ("S. Lind", 1)]);
    let card = &board.columns[0].cards[0];
    assert_eq!((card.package.as_str(), card.nth.as_str()), ("Laser hair removal", "5 of 6"));
    assert_eq!((card.from.as_str(), card.until.as_str(), card.minute), ("09:00", "09:30", 540));
    // From the hour before opening to the end of what was booked after closing.
    assert_eq!((board.from, board.to), (480, 1140));
    let shut: Vec<_> = board.columns[0].shut(board.from, board.to).iter().map(|shut| (shut.from, shut.to)).collect();
    assert_eq!(shut, [(480, 510), (720, 780), (1050, 1140)]);
    let shut: Vec<_> = board.columns[1].shut(board.from, board.to).iter().map(|shut| (shut.from, shut.to)).collect();
    assert_eq!(shut, [(480, 510), (660, 1140)]);
    // Somebody of the days beside is known, and not drawn.
    assert_eq!(board.all.len(), 3);
}

#[test]
fn what_needs_no_room_has_a_column_of_its_own_side_by_side() {
    let room = Some(RoomId(Uuid::from_u128(2)));
    let charts = [
        booked(1, "2026-11-21T09:00:00Z", |one| one.room = room),
        booked(2, "2026-11-21T09:00:00Z", |_| {}),
        booked(3, "2026-11-21T09:15:00Z", |_| {}),
    ];
    let board = shown(&charts, asked(By::Room, Span::Day));
    let columns: Vec<_> = board.columns.iter().map(|column| (column.title.as_str(), column.cards.len())).collect();
    assert_eq!(columns, [("Room 1", 0), ("Room 2", 1), ("Without a room", 2)]);
    assert_eq!(board.columns[1].cards[0].place, "Room 2");
    let lanes: Vec<_> = board.columns[2].cards.iter().map(|card| (card.lane.lane, card.lane.of)).collect();
    assert_eq!(lanes, [(0, 2), (1, 2)]);
    assert_eq!(shown(&charts[..1], asked(By::Room, Span::Day)).columns.len(), 2);
}

#[test]
fn what_another_system_has_booked_stands_in_a_column_of_its_own() {
    let mut elsewhere = sample::chart(6);
    elsewhere.client = sample::client(4, "Client 4");
    let other_day = sample::elsewhere(2, "2026-11-22T00:00:00Z");
    elsewhere.elsewhere = vec![sample::elsewhere(1, "2026-11-21T18:00:00Z"), other_day];
    let here = booked(1, "2026-11-21T09:00:00Z", |_| {});
    let board = shown(&[here.clone(), elsewhere.clone()], asked(By::Provider, Span::Day));
    let columns: Vec<_> = board.columns.iter().map(|column| (column.title.as_str(), column.cards.len(), column.elsewhere.len())).collect();
    assert_eq!(columns, [("A. Osei", 1, 0), ("S. Lind", 0, 0), ("Other systems", 0, 1)]);
    let block = &board.columns[2].elsewhere[0];
    assert_eq!((block.name.as_str(), block.system.as_str(), block.from.as_str()), ("Client 4", "Booker", "18:00"));
    assert_eq!((block.series.as_str(), block.minutes, board.to), ("Laser hair removal · 1 of 6", 45, 1140));
    // Beside what needs no room here; and nobody's week.
    let rooms = shown(&[here.clone(), elsewhere.clone()], asked(By::Room, Span::Day));
    let without = rooms.columns.last().unwrap();
    assert_eq!((without.title.as_str(), without.cards.len(), without.elsewhere.len()), ("Without a room", 1, 1));
    let week = shown(&[here.clone(), elsewhere.clone()], asked(By::Provider, Span::Week));
    assert!(week.columns.iter().all(|column| column.elsewhere.is_empty()));
    // Both know the same visit.
    elsewhere.sessions[0].appointments = sample::booked("2026-11-21T18:00:00Z");
    assert_eq!(shown(&[here, elsewhere], asked(By::Provider, Span::Day)).columns.len(), 2);
}

#[test]
fn somebody_who_left_keeps_a_column_while_booked() {
    let gone = StaffId(Uuid::from_u128(77));
    let board = shown(&[booked(1, "2026-11-21T09:00:00Z", |one| one.provider = gone)], asked(By::Provider, Span::Day));
    assert_eq!(board.columns[2].title, "someone no longer listed");
}

#[test]
fn a_week_shows_one_holder_and_closed_days_are_idle() {
    let charts = [booked(1, "2026-11-17T09:00:00Z", |_| {}), booked(2, "2026-11-17T10:00:00Z", |one| one.provider = sample::OTHER)];
    let board = shown(&charts, asked(By::Provider, Span::Week));
    let cards: Vec<_> = board.columns.iter().map(|column| column.cards.len()).collect();
    assert_eq!(cards, [0, 1, 0, 0, 0, 0, 0]);
    assert!(board.columns[6].is_idle() && !board.columns[0].is_idle());
    let of = Some(sample::OTHER.0);
    let board = shown(&charts, Asked { of, ..asked(By::Provider, Span::Week) });
    assert_eq!(board.columns[1].cards[0].name, "Client 2");
    let own = chosen(&clinic(), &asked(By::Provider, Span::Week), Some(sample::OTHER));
    assert_eq!(own.map(|(_, name)| name).as_deref(), Some("S. Lind"));
}

#[test]
fn a_closed_day_has_nothing_to_draw_and_names_the_next_open_one() {
    let sunday = sample::day("2026-11-22");
    let board = shown(&[], asked(By::Provider, Span::Day).on(sunday));
    assert_eq!((board.from, board.to, board.columns.iter().all(Column::is_idle)), (0, 0, true));
    assert_eq!(next_open(&clinic(), sunday), Some(sample::day("2026-11-23")));
    let never = OpeningHours { week: std::array::from_fn(|_| Vec::new()), ..OpeningHours::default() };
    assert_eq!(next_open(&Catalogue { hours: never, ..clinic() }, sunday), None);
}

#[test]
fn quarter_hours_that_never_come_are_shut() {
    let spring = sample::moment("2027-03-14T08:00:00Z");
    let offsets = vec![(Moment::from_millis(0), -6 * 3600), (spring, -5 * 3600)];
    let clock = ClinicClock { zone: "America/Chicago".into(), offsets };
    let catalogue = Catalogue { clock, hours: OpeningHours::default(), ..sample::catalogue() };
    let day = column(&catalogue, Holder::Provider(sample::PROVIDER), sample::day("2027-03-14"), String::new());
    assert_eq!(day.shut(0, LAST), [Open { from: 120, to: 180 }]);
    let next = column(&catalogue, Holder::Provider(sample::PROVIDER), sample::day("2027-03-15"), String::new());
    assert_eq!(next.shut(0, LAST), []);
}
