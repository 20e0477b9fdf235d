//! What is kept of a file: a picture, and nothing else that was in it.

use super::{
    files::{self, PLACE, holds},
    studio::Studio,
};
use crate::clinic::CLINIC;
use app::api::photos::{Upload, picture_address, thumbnail_address};
use domain::ids::PhotoId;
use domain::photo::THUMBNAIL_SIDE;
use picture::{Picture, is_plain, read};
use server::photo_store::Item;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

const DONE: (u16, Option<Upload>) = (200, Some(Upload::Done));

async fn kept(studio: &Studio, photo: PhotoId) -> [Vec<u8>; 2] {
    let browser = studio.provider().await;
    let mut found = Vec::new();
    for (address, item) in [(picture_address(photo), Item::Picture(photo)), (thumbnail_address(photo), Item::Thumbnail(photo))] {
        let answer = browser.get(&address).await;
        assert_eq!((answer.status, answer.header("content-type").as_str()), (200, "image/jpeg"));
        let stored = studio.clinics.photos.read(CLINIC, item).await.unwrap().unwrap();
        assert!(answer.body == stored, "it is handed out as it is kept");
        found.push(answer.body);
    }
    found.try_into().unwrap()
}

/// Whether the quarter around this place, in hundredths, has this colour, nearly.
fn shows(picture: &Picture, x: u32, y: u32, colour: [u8; 3]) -> bool {
    let pixel = picture.pixel(picture.width * x / 100, picture.height * y / 100);
    pixel.iter().zip(colour).all(|(found, wanted)| found.abs_diff(wanted) < 24)
}

const RED: [u8; 3] = [180, 50, 50];
const GREEN: [u8; 3] = [50, 180, 50];
const BLUE: [u8; 3] = [50, 50, 180];

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_our_devices_make_is_kept_byte_for_byte(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    for (n, file) in [(1, files::small()), (2, files::progressive())] {
        let photo = studio.take(n, 1, &file, (400, 300)).await;
        assert_eq!(studio.provider().await.send(photo, &file).await, DONE);
        let [picture, thumbnail] = kept(&studio, photo).await;
        assert!(picture == file);
        let small = read(&thumbnail).unwrap();
        assert_eq!((small.width, small.height), (THUMBNAIL_SIDE.into(), 270));
        assert!(is_plain(&thumbnail) && shows(&small, 25, 25, RED) && shows(&small, 75, 25, GREEN));
    }
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn place_and_camera_and_small_picture_are_gone_and_it_stands_upright(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let file = files::of_a_telephone(6);
    assert!(holds(&file, PLACE) && holds(&file, b"Exif"));
    let photo = studio.take(1, 1, &file, (400, 300)).await;
    assert_eq!(studio.provider().await.send(photo, &file).await, DONE);
    let [picture, thumbnail] = kept(&studio, photo).await;
    for bytes in [&picture, &thumbnail] {
        assert!(is_plain(bytes) && !holds(bytes, PLACE) && !holds(bytes, b"Exif") && !holds(&bytes[2..], &[0xff, 0xd8]));
    }
    // A quarter clockwise: what was blue at the left below is at the left above now.
    for bytes in [&picture, &thumbnail] {
        let upright = read(bytes).unwrap();
        assert!(upright.width < upright.height);
        assert!(shows(&upright, 25, 25, BLUE) && shows(&upright, 75, 25, RED) && shows(&upright, 75, 75, GREEN));
    }
    // Nothing of it is anywhere else in the store, either.
    let mut tx = server::store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
    let (sent, filed): (String, String) =
        sqlx::query_as("select p.sha256, f.sha256 from photo p join photo_file f on f.photo_id = p.id").fetch_one(&mut *tx).await.unwrap();
    assert_eq!((sent, filed), (super::browser::hash(&file), super::browser::hash(&picture)));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn files_that_are_something_else_besides_are_drawn_anew(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let small = files::small();
    let script = b"<html><script>alert(1)</script>".as_slice();
    let pixels = files::picture(400, 300, 0).rgb;
    let both = [
        [&small, script].concat(),
        [&small, b"PK\x03\x04".as_slice(), PLACE].concat(),
        files::with_segment(&small, 0xfe, script),
        files::with_segment(&small, 0xe2, &[b"ICC_PROFILE\0\x01\x01".as_slice(), PLACE].concat()),
        files::with_segment(&small, 0xed, script),
        files::png(400, 300, &pixels),
        [files::png(400, 300, &pixels), script.to_vec()].concat(),
    ];
    for (n, file) in (0..).zip(both) {
        let photo = studio.take(n, 1, &file, (400, 300)).await;
        assert_eq!(studio.provider().await.send(photo, &file).await, DONE, "file {n}");
        for bytes in kept(&studio, photo).await {
            assert!(is_plain(&bytes) && !holds(&bytes, script) && !holds(&bytes, PLACE) && !holds(&bytes, b"PK\x03\x04"), "file {n}");
            assert!(shows(&read(&bytes).unwrap(), 25, 25, RED), "file {n}");
        }
    }
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_is_no_picture_is_refused_and_leaves_nothing(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let small = files::small();
    let others: [(&str, Vec<u8>); 9] = [
        ("svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec()),
        ("html", b"<!doctype html><script>alert(1)</script>".to_vec()),
        ("gif", [b"GIF89a".as_slice(), &[1, 0, 1, 0, 0, 0, 0]].concat()),
        ("webp", b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0".to_vec()),
        ("nothing of a jpeg", vec![0xff, 0xd8]),
        ("half a jpeg", small[..small.len() / 2].to_vec()),
        ("a jpeg of another size", picture::jpeg(&files::picture(300, 300, 0), 90).unwrap()),
        ("a jpeg that promises too much", files::jpeg_bomb()),
        ("a png that promises too much", files::png_bomb()),
    ];
    for (n, (what, file)) in (0..).zip(others) {
        let photo = studio.take(n, 1, &file, (400, 300)).await;
        assert_eq!(studio.provider().await.send(photo, &file).await, (422, Some(Upload::NotAPicture)), "{what}");
        assert_eq!(studio.provider().await.get(&picture_address(photo)).await.status, 404, "{what}");
        assert!(studio.clinics.photos.read(CLINIC, Item::Picture(photo)).await.unwrap().is_none(), "{what}");
        assert_eq!(studio.chart().await.photo(photo).unwrap().arrived, None, "{what}");
    }
    assert_eq!(studio.clinics.photos.arriving().await.unwrap(), []);
}
