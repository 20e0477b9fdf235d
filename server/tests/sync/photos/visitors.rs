//! Who may send and see photographs: signed-in staff of the clinic who chart.

use super::{
    browser::{Answer, Browser, hash},
    files,
    studio::Studio,
};
use app::api::photos::{PIECE_HASH, picture_address, piece_address, thumbnail_address, upload_address};
use domain::ids::PhotoId;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

/// Every address there is for a photograph, asked by one browser.
async fn all(browser: &Browser, photo: PhotoId, file: &[u8]) -> [u16; 4] {
    let put = browser.ask("PUT", &piece_address(photo, 0), &[(PIECE_HASH, &hash(file))], file).await;
    let get = |address: String| async move { browser.get(&address).await.status };
    [put.status, get(upload_address(photo)).await, get(picture_address(photo)).await, get(thumbnail_address(photo)).await]
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn only_staff_of_the_clinic_who_chart_may_send_and_see(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let file = files::small();
    let photo = studio.take(1, 1, &file, (400, 300)).await;
    let (desk, stranger, nobody) = (studio.desk().await, studio.stranger().await, studio.nobody());
    let forged = Browser { address: nobody.address, token: Some("0a".repeat(32)) };
    for _ in ["before it has arrived", "after"] {
        assert_eq!(all(&desk, photo, &file).await, [403; 4]);
        assert_eq!(all(&stranger, photo, &file).await, [404; 4]);
        assert_eq!(all(&nobody, photo, &file).await, [401; 4]);
        assert_eq!(all(&forged, photo, &file).await, [401; 4]);
        studio.provider().await.send(photo, &file).await;
    }
    assert_eq!(all(&studio.provider().await, photo, &file).await, [200; 4]);
    let unknown = PhotoId(crate::clinic::id(9_999));
    assert_eq!(all(&studio.provider().await, unknown, &file).await, [404; 4]);
    // What has not arrived cannot be seen.
    let waiting = studio.take(2, 1, &file, (400, 300)).await;
    assert_eq!(studio.provider().await.get(&picture_address(waiting)).await.status, 404);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn another_site_cannot_send_and_no_cache_keeps_a_picture(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let file = files::small();
    let photo = studio.take(1, 1, &file, (400, 300)).await;
    let browser = studio.provider().await;
    let foreign = [("sec-fetch-site", "cross-site"), (PIECE_HASH, &hash(&file))];
    assert_eq!(browser.ask("PUT", &piece_address(photo, 0), &foreign, &file).await.status, 403);
    browser.send(photo, &file).await;
    for address in [picture_address(photo), thumbnail_address(photo)] {
        let answer: Answer = browser.get(&address).await;
        let expected = [
            ("content-type", "image/jpeg"),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "private, no-store"),
            ("content-disposition", "inline; filename=\"photograph.jpg\""),
            ("cross-origin-resource-policy", "same-origin"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
        ];
        for (name, value) in expected {
            assert_eq!(answer.header(name), value, "{name} of {address}");
        }
        assert_eq!(answer.header("content-length"), answer.body.len().to_string());
    }
}
