//! Photographs in the tables say the same as in the snapshots.

use super::{
    files,
    studio::{Studio, consent, shot},
};
use crate::clinic::{CLINIC, client, id, session};
use domain::{
    command::Change,
    consent::PhotoScope,
    ids::{MarkId, PhotoId, ShareId},
    photo::{Likeness, Measures, Placement, Sharing, Spot},
};
use server::store::{self, chart};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

fn mark(n: u128, photo: PhotoId, text: &str) -> Change {
    Change::MarkPhoto { photo, mark: MarkId(id(n)), spot: Spot { x: 5_000, y: 6_200, radius: 300 }, text: text.into() }
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_chart_with_photographs_is_rebuilt_as_it_was(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let file = files::small();
    let first = studio.take(1, 1, &file, (400, 300)).await;
    let placement = Placement { scale_permille: 1_080, rotation_decidegrees: -71, right_permille: -20, down_permille: 14 };
    let likeness = Likeness { baseline: first, placement: Some(placement), exposure_centi_ev: -44, cast_centi_ev: 3, sharpness: 96 };
    let mut second = shot(2, 3, &file, (400, 300));
    second.measures = Measures { sharpness: 88, likeness: Some(likeness), ..Measures::default() };
    second.despite = "She cannot sit up".into();
    let third = shot(3, 3, &file, (400, 300));
    let (second_id, third_id) = (second.id, third.id);
    let share = |n, token: &str| Sharing {
        id: ShareId(id(n)),
        token: token.repeat(16),
        before: first,
        after: second_id,
        scope: PhotoScope::Teaching,
    };
    for change in [
        Change::TakePhoto(second),
        Change::TakePhoto(third),
        mark(301, first, "Papule, 3 mm"),
        mark(302, first, "Scar"),
        mark(303, second_id, "Papule is gone"),
        Change::UnmarkPhoto { photo: first, mark: MarkId(id(301)) },
        mark(304, first, "Papule, 4 mm"),
        Change::RemovePhoto { photo: third_id, reason: "Blurred".into() },
        Change::SkipPhotos { session: session(0, 2), reason: "In a hurry".into() },
        consent(&[PhotoScope::Teaching]),
        Change::SharePhotos(share(401, "0a")),
        Change::SharePhotos(share(402, "0b")),
        Change::RevokeShare { share: ShareId(id(401)), reason: "Shown long enough".into() },
    ] {
        studio.record(change).await;
    }
    assert_eq!(studio.provider().await.send(first, &file).await.0, 200);

    let on_the_device = studio.chart().await;
    assert_eq!(on_the_device.undecided().count(), 0);
    assert_eq!((on_the_device.photos.len(), on_the_device.kept_photos().count()), (3, 2));
    let texts: Vec<_> = on_the_device.photos[0].marks.iter().map(|mark| mark.remark.text.as_str()).collect();
    assert_eq!(texts, ["Scar", "Papule, 4 mm"]);
    assert!(on_the_device.shares[0].revoked.is_some() && on_the_device.shares[1].revoked.is_none());
    assert!(on_the_device.photos[0].arrived.is_some());

    let mut tx = store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
    let in_the_snapshot = chart::load(&mut tx, CLINIC, client(0)).await.unwrap().unwrap();
    let in_the_tables = chart::rebuild(&mut tx, CLINIC, &[client(0)]).await.unwrap();
    assert_eq!(in_the_snapshot, on_the_device);
    assert_eq!(in_the_tables, [on_the_device]);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_was_photographed_cannot_be_taken_back_by_the_server(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let file = files::small();
    let photo = studio.take(1, 1, &file, (400, 300)).await;
    studio.provider().await.send(photo, &file).await;
    for sql in [
        "delete from photo",
        "delete from photo_file",
        "delete from photo_share",
        "delete from photo_skip",
        "update photo set sha256 = repeat('0', 64)",
        "update photo set session_id = session_id",
        "update photo_file set sha256 = repeat('0', 64)",
        "update photo_share set token = repeat('0', 32)",
        "update photo_mark set text = ''",
    ] {
        let mut tx = store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
        let error = sqlx::query(sql).execute(&mut *tx).await.expect_err("the database refuses it");
        assert_eq!(error.as_database_error().and_then(|error| error.code()).as_deref(), Some("42501"), "{sql}: {error}");
    }
}
