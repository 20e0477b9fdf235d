//! Nothing is lost and nothing wrong is kept, whatever happens on the way.

use super::{
    browser::cut,
    files,
    studio::{Studio, shot},
};
use crate::clinic::CLINIC;
use app::api::photos::{PIECE_BYTES, PIECE_HASH, Upload, piece_address};
use domain::{command::Change, ids::PhotoId};
use server::{photo_store::Item, photos::sweep};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

const SIZE: (u16, u16) = (1200, 900);

/// Sent and arrived: the store has it byte for byte, the chart says so, and no piece is left.
async fn is_there(studio: &Studio, photo: PhotoId, file: &[u8]) {
    let stored = studio.clinics.photos.read(CLINIC, Item::Picture(photo)).await.unwrap().expect("it is kept");
    assert!(stored == file, "not the bytes that were sent");
    assert!(studio.clinics.photos.read(CLINIC, Item::Thumbnail(photo)).await.unwrap().is_some());
    assert!(studio.chart().await.photo(photo).unwrap().arrived.is_some());
    assert_eq!(studio.clinics.photos.arriving().await.unwrap(), []);
}

fn received(bytes: u32) -> (u16, Option<Upload>) {
    (200, Some(Upload::Received(bytes)))
}

const DONE: (u16, Option<Upload>) = (200, Some(Upload::Done));

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_photograph_arrives_whole_although_the_line_drops_after_and_within_every_piece(_: PgPoolOptions, options: PgConnectOptions) {
    let mut studio = Studio::open(options).await;
    let file = files::photograph();
    let photo = studio.take(1, 1, &file, SIZE).await;
    assert_eq!(studio.chart().await.photo(photo).unwrap().arrived, None);
    let version = studio.device.cursor().map(|cursor| cursor.version);
    let mut begins = 0;
    loop {
        let browser = studio.provider().await;
        for after in [0, 1, 70_000] {
            browser.break_off(photo, &file, begins, after).await;
            assert_eq!(browser.state(photo).await, received(begins), "what broke off left a trace");
        }
        // Every second time it is another server that goes on.
        if begins % (2 * PIECE_BYTES) == 0 {
            studio.restart().await;
        }
        let browser = studio.provider().await;
        assert_eq!(browser.state(photo).await, received(begins));
        match browser.piece(photo, &file, begins).await {
            (200, Some(Upload::Received(next))) => {
                assert_eq!(next, begins + PIECE_BYTES);
                begins = next;
            }
            answer => {
                assert_eq!(answer, DONE);
                break;
            }
        }
    }
    is_there(&studio, photo, &file).await;
    assert!(studio.device.cursor().map(|cursor| cursor.version) > version, "the device heard of it");
    // A repeated last piece, and any other, is answered for again.
    let browser = studio.provider().await;
    assert_eq!(browser.piece(photo, &file, begins).await, DONE);
    assert_eq!(browser.piece(photo, &file, 0).await, DONE);
    assert_eq!(browser.state(photo).await, DONE);
    is_there(&studio, photo, &file).await;
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_damaged_piece_a_repeated_one_and_one_out_of_order_do_no_harm(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let file = files::photograph();
    let photo = studio.take(1, 1, &file, SIZE).await;
    let browser = studio.provider().await;
    let address = |begins| piece_address(photo, begins);

    assert_eq!(browser.piece(photo, &file, 0).await, received(PIECE_BYTES));
    // Damaged on the way: the hash is of what was meant.
    let meant = super::browser::hash(cut(&file, PIECE_BYTES));
    let mut damaged = cut(&file, PIECE_BYTES).to_vec();
    damaged[1000] ^= 1;
    let answer = browser.ask("PUT", &address(PIECE_BYTES), &[(PIECE_HASH, &meant)], &damaged).await;
    assert_eq!(answer.upload(), (422, Some(Upload::DamagedPiece(PIECE_BYTES))));
    assert_eq!(browser.state(photo).await, received(PIECE_BYTES));
    // Out of order: told where to go on. Repeated: told the same again.
    assert_eq!(browser.piece(photo, &file, 2 * PIECE_BYTES).await, (409, Some(Upload::Received(PIECE_BYTES))));
    assert_eq!(browser.piece(photo, &file, 0).await, received(PIECE_BYTES));
    // Without its hash, or with something else in its place.
    for headers in [&[][..], &[(PIECE_HASH, "")], &[(PIECE_HASH, "0a")], &[(PIECE_HASH, "zz".repeat(32).as_str())]] {
        assert_eq!(browser.ask("PUT", &address(PIECE_BYTES), headers, cut(&file, PIECE_BYTES)).await.status, 400);
    }
    // Neither between two pieces, nor shorter, nor empty, nor behind the end.
    assert_eq!(browser.put(photo, PIECE_BYTES + 1, &file[..10]).await.0, 400);
    assert_eq!(browser.put(photo, PIECE_BYTES, &file[..10]).await.0, 400);
    assert_eq!(browser.put(photo, PIECE_BYTES, &[]).await.0, 400);
    let last = u32::try_from(file.len()).unwrap() / PIECE_BYTES * PIECE_BYTES;
    assert_eq!(browser.put(photo, last, &[cut(&file, last), b"more"].concat()).await.0, 400);
    assert_eq!(browser.put(photo, last + PIECE_BYTES, b"more").await.0, 400);
    assert_eq!(browser.put(photo, u32::MAX / PIECE_BYTES * PIECE_BYTES, b"more").await.0, 400);
    // More than a piece may be, announced or not.
    let too_long = vec![0; usize::try_from(PIECE_BYTES).unwrap() + 1];
    assert_eq!(browser.put(photo, PIECE_BYTES, &too_long).await.0, 413);
    assert_eq!(browser.state(photo).await, received(PIECE_BYTES));
    assert_eq!(browser.send(photo, &file).await, DONE);
    is_there(&studio, photo, &file).await;
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn another_picture_than_the_record_names_is_dropped_and_the_right_one_still_arrives(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let file = files::photograph();
    let photo = studio.take(1, 1, &file, SIZE).await;
    let browser = studio.provider().await;
    let mut other = file.clone();
    other[600_000] ^= 1;
    assert_eq!(browser.send(photo, &other).await, (422, Some(Upload::OtherPicture)));
    assert_eq!(studio.clinics.photos.arriving().await.unwrap(), []);
    assert_eq!(browser.state(photo).await, received(0));
    assert_eq!(studio.chart().await.photo(photo).unwrap().arrived, None);
    assert_eq!(browser.send(photo, &file).await, DONE);
    is_there(&studio, photo, &file).await;
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn two_tabs_and_two_servers_at_once_end_with_one_right_picture(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let file = files::photograph();
    for n in 0..4 {
        let photo = studio.take(n, 1, &file, SIZE).await;
        let (one, mut two) = (studio.provider().await, studio.provider().await);
        two.address = studio.second_server().await.address;
        // Each sends all it has, again and again, wherever the other one is.
        let stubborn = |browser: super::browser::Browser| {
            let file = file.clone();
            tokio::spawn(async move {
                let mut begins = 0;
                for _ in 0..100 {
                    match browser.piece(photo, &file, begins).await {
                        (200 | 409, Some(Upload::Received(next))) => begins = next % u32::try_from(file.len()).unwrap(),
                        done => return done,
                    }
                }
                panic!("it never ends");
            })
        };
        let (one, two) = (stubborn(one), stubborn(two));
        assert_eq!((one.await.unwrap(), two.await.unwrap()), (DONE, DONE));
        sweep::sweep(&studio.clinics).await.unwrap();
        is_there(&studio, photo, &file).await;
    }
    let mut tx = server::store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
    let filed: i64 = sqlx::query_scalar("select count(*) from photo_file").fetch_one(&mut *tx).await.unwrap();
    assert_eq!(filed, 4);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_server_that_ended_before_the_last_step_takes_it_at_the_next_question(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let file = files::photograph();
    let photo = studio.take(1, 1, &file, SIZE).await;
    // All pieces are there, and then the server ended.
    let store = &studio.clinics.photos;
    for begins in (0..u32::try_from(file.len()).unwrap()).step_by(usize::try_from(PIECE_BYTES).unwrap()) {
        store.put_piece(CLINIC, photo, begins, cut(&file, begins).to_vec().into()).await.unwrap();
    }
    assert_eq!(studio.provider().await.state(photo).await, DONE);
    is_there(&studio, photo, &file).await;
    // And when it ended before it could clear the pieces away, somebody does later.
    let waiting = shot(2, 1, &file, SIZE);
    let other = waiting.id;
    studio.record(Change::TakePhoto(waiting)).await;
    for photo in [photo, other] {
        store.put_piece(CLINIC, photo, 0, cut(&file, 0).to_vec().into()).await.unwrap();
    }
    sweep::sweep(&studio.clinics).await.unwrap();
    assert_eq!(store.arriving().await.unwrap(), [(CLINIC, other)], "what has not arrived is still wanted");
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn no_picture_without_its_photograph_in_a_chart(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let browser = studio.provider().await;
    let file = files::small();
    let unknown = PhotoId(crate::clinic::id(9_999));
    assert_eq!(browser.state(unknown).await.0, 404);
    assert_eq!(browser.piece(unknown, &file, 0).await.0, 404);
    assert_eq!(studio.clinics.photos.arriving().await.unwrap(), []);
}
