use super::*;
use crate::{
    chart::tests::{DESK, PLAN, PROVIDER, catalogue, chart, id, session},
    command::{Change, Decision},
    consent::{ConsentForm, ConsentKind, ConsentVersion, PhotoScope, PhotoTerms, Signing},
    ids::*,
    time::Day,
    view::{Guide, View, ViewSet},
};

const FORM: ConsentFormId = ConsentFormId(uuid::Uuid::from_u128(70));
const FACE: ViewSetId = ViewSetId(uuid::Uuid::from_u128(71));
const FRONT: ViewId = ViewId(uuid::Uuid::from_u128(72));
const OBLIQUE: ViewId = ViewId(uuid::Uuid::from_u128(73));

fn at(hours: i64) -> Author {
    Author { staff: PROVIDER, at: Moment::from_millis(1_780_000_000_000 + hours * 3_600_000) }
}

fn clinic() -> Catalogue {
    let view = |id, name: &str| View { id, name: name.into(), guide: Guide::FaceFront, instruction: String::new(), retired: false };
    let mut catalogue = catalogue();
    catalogue.view_sets = vec![ViewSet {
        id: FACE,
        name: "Face".into(),
        areas: vec![],
        setup: Setup::default(),
        views: vec![view(FRONT, "Front"), view(OBLIQUE, "Oblique, left")],
        retired: false,
        version: 1,
    }];
    catalogue.packages[0].view_sets = vec![FACE];
    let published_by = PROVIDER;
    let versions = vec![ConsentVersion { number: 1, elements: Default::default(), material: false, published_at: at(-9).at, published_by }];
    catalogue.consent_forms = vec![ConsentForm {
        id: FORM,
        kind: ConsentKind::Photo,
        name: "Photographs".into(),
        draft: Default::default(),
        versions,
        retired: false,
        edits: 1,
    }];
    catalogue
}

fn shot(n: u128, number: u16, view: ViewId) -> Shot {
    Shot {
        id: PhotoId(id(1000 + n)),
        session: session(number),
        view,
        setup: Setup::default(),
        file: PhotoFile { sha256: "0a".repeat(32), bytes: 900_000, width: 1920, height: 2560 },
        measures: Measures { sharpness: 90, ..Measures::default() },
        despite: String::new(),
    }
}

fn photo(n: u128) -> PhotoId {
    PhotoId(id(1000 + n))
}

fn with(chart: &Chart, changes: &[Change]) -> Chart {
    let catalogue = clinic();
    (0..).zip(changes).fold(chart.clone(), |chart, (hours, change)| chart.apply(change, at(hours), &catalogue).expect("applies"))
}

fn refused(chart: &Chart, change: &Change) -> Rejection {
    chart.apply(change, at(50), &clinic()).expect_err("is refused")
}

#[test]
fn no_photograph_without_a_session_and_a_view() {
    let chart = chart(3);
    assert_eq!(refused(&chart, &Change::TakePhoto(shot(1, 9, FRONT))), Rejection::UnknownSession);
    assert_eq!(refused(&chart, &Change::TakePhoto(shot(1, 1, ViewId(id(5))))), Rejection::UnknownView);
    let faulty = |change: fn(&mut PhotoFile)| {
        let mut shot = shot(1, 1, FRONT);
        change(&mut shot.file);
        refused(&chart, &Change::TakePhoto(shot))
    };
    for rejection in [
        faulty(|file| file.sha256 = "0A".repeat(32)),
        faulty(|file| file.sha256.truncate(63)),
        faulty(|file| file.bytes = LONGEST_FILE + 1),
        faulty(|file| file.width = LONGEST_SIDE + 1),
        faulty(|file| file.height = 10),
    ] {
        assert!(matches!(rejection, Rejection::Unfit { .. }), "{rejection}");
    }
    let taken = with(&chart, &[Change::TakePhoto(shot(1, 1, FRONT))]);
    assert_eq!(refused(&taken, &Change::TakePhoto(shot(1, 1, OBLIQUE))), Rejection::Exists);
    let by_desk = chart.apply(&Change::TakePhoto(shot(1, 1, FRONT)), Author { staff: DESK, ..at(0) }, &clinic());
    assert_eq!(by_desk, Err(Rejection::NotAllowed));
}

#[test]
fn what_differs_from_the_baseline_is_kept_only_with_a_reason() {
    let mut unlike = shot(2, 2, FRONT);
    unlike.measures.likeness = Some(Likeness {
        baseline: photo(1),
        placement: Some(Placement { scale_permille: 1080, rotation_decidegrees: 0, right_permille: 0, down_permille: 0 }),
        exposure_centi_ev: 0,
        cast_centi_ev: 0,
        sharpness: 100,
    });
    let chart = with(&chart(3), &[Change::TakePhoto(shot(1, 1, FRONT))]);
    assert_eq!(refused(&chart, &Change::TakePhoto(unlike.clone())), Rejection::Empty);
    unlike.despite = " The client sits in a wheelchair. ".into();
    let kept = with(&chart, &[Change::TakePhoto(unlike)]);
    assert_eq!(kept.photo(photo(2)).unwrap().shot.despite, "The client sits in a wheelchair.");
}

#[test]
fn the_baseline_is_the_first_of_the_series_and_not_one_taken_out() {
    let takes = [Change::TakePhoto(shot(1, 1, FRONT)), Change::TakePhoto(shot(2, 1, FRONT)), Change::TakePhoto(shot(3, 2, FRONT))];
    let chart = with(&chart(3), &takes);
    assert_eq!(chart.baseline(session(3), FRONT).unwrap().shot.id, photo(1));
    assert!(chart.baseline(session(3), OBLIQUE).is_none());
    let remove = |n| Change::RemovePhoto { photo: photo(n), reason: "Eyes closed".into() };
    let chart = with(&chart, &[remove(1)]);
    assert_eq!(chart.baseline(session(3), FRONT).unwrap().shot.id, photo(2));
    assert_eq!(refused(&chart, &remove(1)), Rejection::AlreadyDecided);
    let ids: Vec<_> = chart.photos_of_view(PLAN, FRONT).iter().map(|photo| photo.shot.id).collect();
    assert_eq!(ids, [photo(2), photo(3)]);
}

#[test]
fn due_photographs_are_asked_for_until_taken_or_skipped() {
    let chart = chart(3);
    let due = chart.photos_due(session(1), &clinic()).expect("the first session is photographed");
    assert_eq!((due.why, due.missing), (Why::First, vec![FRONT, OBLIQUE]));
    let one = with(&chart, &[Change::TakePhoto(shot(1, 1, OBLIQUE))]);
    assert_eq!(one.photos_due(session(1), &clinic()).unwrap().missing, [FRONT]);
    let both = with(&one, &[Change::TakePhoto(shot(2, 1, FRONT))]);
    assert_eq!(both.photos_due(session(1), &clinic()), None);
    let skip = |reason: &str| Change::SkipPhotos { session: session(1), reason: reason.into() };
    assert_eq!(refused(&one, &skip(" ")), Rejection::Empty);
    let skipped = with(&one, &[skip("She came made up.")]);
    assert_eq!(skipped.photos_due(session(1), &clinic()), None);
    assert!(skipped.photos_due(session(3), &clinic()).is_some());
    assert_eq!(refused(&skipped, &skip("again")), Rejection::AlreadyDecided);
}

#[test]
fn marks_point_at_places_and_can_be_taken_away() {
    let chart = with(&chart(3), &[Change::TakePhoto(shot(1, 1, FRONT))]);
    let mark = |x, text: &str| Change::MarkPhoto {
        photo: photo(1),
        mark: MarkId(id(7)),
        spot: Spot { x, y: 900, radius: 300 },
        text: text.into(),
    };
    assert_eq!(refused(&chart, &mark(10, "")), Rejection::Empty);
    assert!(matches!(refused(&chart, &mark(10_001, "Spot")), Rejection::Unfit { .. }));
    let marked = with(&chart, &[mark(10, "Spot")]);
    assert_eq!(refused(&marked, &mark(20, "Other")), Rejection::Exists);
    let unmark = Change::UnmarkPhoto { photo: photo(1), mark: MarkId(id(7)) };
    assert!(with(&marked, std::slice::from_ref(&unmark)).photo(photo(1)).unwrap().marks.is_empty());
    assert_eq!(refused(&chart, &unmark), Rejection::NotThere);
}

#[test]
fn a_shared_picture_dies_with_its_consent_and_stays_dead() {
    let catalogue = clinic();
    let today = |hours| catalogue.clock.day(at(hours).at);
    let chart = with(&chart(3), &[Change::TakePhoto(shot(1, 1, FRONT)), Change::TakePhoto(shot(2, 2, FRONT))]);
    let share =
        |scope| Change::SharePhotos(Sharing { id: ShareId(id(8)), token: "Ab".repeat(16), before: photo(1), after: photo(2), scope });
    let consent = |until: Option<Day>| {
        let photo = Some(PhotoTerms { scopes: vec![PhotoScope::Record, PhotoScope::Website], until });
        Change::SignConsent(Signing { form: FORM, version: 1, plan: None, signer: None, photo, ink: vec![vec![(1, 1), (9, 9)]] })
    };
    assert_eq!(refused(&chart, &share(PhotoScope::Website)), Rejection::NoPhotoConsent { scope: PhotoScope::Website });
    let agreed = with(&chart, &[consent(None)]);
    for scope in [PhotoScope::Social, PhotoScope::Record] {
        assert_eq!(refused(&agreed, &share(scope)), Rejection::NoPhotoConsent { scope });
    }
    let shared = with(&agreed, &[share(PhotoScope::Website)]);
    assert!(shared.is_shared(&shared.shares[0], today(0)));

    let withdraw = Change::WithdrawConsent { form: FORM, signed_at: at(0).at, reason: "She asked".into() };
    let withdrawn = with(&shared, &[withdraw]);
    assert!(!withdrawn.is_shared(&withdrawn.shares[0], today(0)));
    let again = withdrawn.apply(&consent(None), at(60), &catalogue).expect("signs again");
    assert!(again.photos_may(PhotoScope::Website, today(60)) && !again.is_shared(&again.shares[0], today(60)));

    let revoked = with(&shared, &[Change::RevokeShare { share: ShareId(id(8)), reason: "No longer used".into() }]);
    assert!(!revoked.is_shared(&revoked.shares[0], today(0)));
    let without = with(&shared, &[Change::RemovePhoto { photo: photo(2), reason: "Blurred".into() }]);
    assert!(!without.is_shared(&without.shares[0], today(0)));

    let short = with(&chart, &[consent(Some(today(0))), share(PhotoScope::Website)]);
    assert!(short.is_shared(&short.shares[0], today(0)) && !short.is_shared(&short.shares[0], today(48)));
}

#[test]
fn arrival_is_noted_once() {
    let chart = with(&chart(3), &[Change::TakePhoto(shot(1, 1, FRONT))]);
    let arrived = chart.with_arrived(photo(1), at(1).at).unwrap().with_arrived(photo(1), at(2).at).unwrap();
    assert_eq!(arrived.photo(photo(1)).unwrap().arrived, Some(at(1).at));
    assert!(chart.with_arrived(photo(2), at(1).at).is_none());
}

#[test]
fn a_photograph_set_aside_is_kept_after_all() {
    let item = crate::chart::SetAside {
        command: CommandId(id(500)),
        change: Change::TakePhoto(shot(1, 1, FRONT)),
        by: PROVIDER,
        at: at(0).at,
        rejection: Rejection::UnknownView,
        decided: None,
    };
    let chart = chart(3).with_set_aside(item);
    let keep = Change::Decide { command: CommandId(id(500)), decision: Decision::Keep { addendum: AddendumId(id(1)) } };
    assert_eq!(with(&chart, &[keep]).photo(photo(1)).unwrap().at, at(0).at);
}

#[test]
fn a_client_sees_nothing_by_itself_and_only_those_who_treat_let_her() {
    let chart = with(&chart(3), &[Change::TakePhoto(shot(1, 1, FRONT)), Change::TakePhoto(shot(2, 1, FRONT))]);
    let chart = chart.with_arrived(photo(1), Moment::from_millis(5)).unwrap();
    let release = |n| Change::ReleasePhoto { photo: photo(n) };
    let withhold = Change::WithholdPhoto { photo: photo(1) };
    assert!(chart.as_client_sees().photos.is_empty());
    let desk = Author { staff: DESK, at: Moment::from_millis(1_000_000) };
    assert_eq!(chart.apply(&release(1), desk, &clinic()), Err(Rejection::NotAllowed));
    assert_eq!(refused(&chart, &withhold), Rejection::AlreadyDecided);
    assert_eq!(refused(&chart, &release(9)), Rejection::NotThere);
    let released = with(&chart, &[release(1), release(2)]);
    // The other picture has not arrived.
    assert_eq!(released.as_client_sees().photos.iter().map(|one| one.shot.id).collect::<Vec<_>>(), [photo(1)]);
    assert_eq!(refused(&released, &release(1)), Rejection::AlreadyDecided);
    assert!(with(&released, &[withhold]).as_client_sees().photos.is_empty());
    let removed = with(&released, &[Change::RemovePhoto { photo: photo(1), reason: "Eyes closed".into() }]);
    assert!(removed.as_client_sees().photos.is_empty());
    assert_eq!(
        refused(&with(&chart, &[Change::RemovePhoto { photo: photo(1), reason: "Eyes closed".into() }]), &release(1)),
        Rejection::NotThere
    );
}
