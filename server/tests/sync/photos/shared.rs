//! Pictures for people outside: alive as long as the consent, and not a moment longer.

use super::{
    files::{self, holds},
    studio::{PHOTO_FORM, Studio, consent},
};
use crate::clinic::{CLINIC, id};
use app::api::photos::shared_address;
use domain::{command::Change, consent::PhotoScope, ids::ShareId, photo::Sharing};
use picture::{is_plain, read};
use server::{photo_store::Item, photos::sweep};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const OTHER_TOKEN: &str = "ffffffffffffffffffffffffffffffff";
const SHARE: ShareId = ShareId(id(6_001));

fn picture(token: &str) -> String {
    format!("{}/picture", shared_address(token))
}

/// Two photographs at the clinic, of the first and the third session, and one picture of both to be shown on the website.
async fn shown(options: PgConnectOptions) -> Studio {
    let studio = Studio::open(options).await;
    let file = files::small();
    let photos = [studio.take(1, 1, &file, (400, 300)).await, studio.take(2, 3, &file, (400, 300)).await];
    studio.record(consent(&[PhotoScope::Website])).await;
    let sharing = Sharing { id: SHARE, token: TOKEN.into(), before: photos[0], after: photos[1], scope: PhotoScope::Website };
    studio.record(Change::SharePhotos(sharing)).await;
    // Before both have arrived there is nothing to show.
    let waiting = studio.nobody().get(&shared_address(TOKEN)).await;
    assert!(waiting.status == 200 && waiting.text().contains("still on its way"));
    assert_eq!(studio.nobody().get(&picture(TOKEN)).await.status, 404);
    for photo in photos {
        studio.provider().await.send(photo, &file).await;
    }
    studio
}

/// That both addresses answer as if there had never been anything; and that nothing is kept.
async fn is_gone(studio: &Studio) {
    let unknown = studio.nobody().get(&shared_address(OTHER_TOKEN)).await;
    for address in [shared_address(TOKEN), picture(TOKEN), picture(OTHER_TOKEN)] {
        let answer = studio.nobody().get(&address).await;
        assert_eq!(answer.status, 404, "{address}");
        assert!(answer.text().contains("This picture is not shown any more."));
        assert_eq!(answer.body.len(), unknown.body.len(), "nobody is told why");
    }
    assert_eq!(studio.clinics.photos.shared().await.unwrap(), []);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn whoever_has_the_address_sees_both_without_a_name_or_a_day(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = shown(options).await;
    let nobody = studio.nobody();
    let page = nobody.get(&shared_address(TOKEN)).await;
    assert_eq!(page.status, 200);
    let text = page.text();
    assert!(text.contains("Test clinic") && text.contains("Before · session 1") && text.contains("After · session 3"), "{text}");
    assert!(text.contains(&picture(TOKEN)) && !text.contains("<script") && !text.contains("Client 0") && !text.contains("2026"));
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; img-src 'self'; script-src 'nonce-"));

    let first = nobody.get(&picture(TOKEN)).await;
    let kept = studio.clinics.photos.read(CLINIC, Item::Shared(SHARE)).await.unwrap().expect("it is kept for the next who asks");
    let again = nobody.get(&picture(TOKEN)).await;
    assert!(first.body == kept && again.body == kept);
    for answer in [&page, &first, &again] {
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert!(answer.header("x-robots-tag").starts_with("noindex"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    assert_eq!((first.status, first.header("content-type").as_str()), (200, "image/jpeg"));
    assert!(is_plain(&first.body) && !holds(&first.body, b"Exif"));
    let drawn = read(&first.body).unwrap();
    assert!(drawn.width > 820 && drawn.height > 300, "{} × {}", drawn.width, drawn.height);
    // A browser that keeps something from another clinic, or from none, sees the same.
    assert_eq!(studio.stranger().await.get(&picture(TOKEN)).await.status, 200);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_withdrawn_consent_ends_it_at_once_and_a_new_one_does_not_bring_it_back(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = shown(options).await;
    assert_eq!(studio.nobody().get(&picture(TOKEN)).await.status, 200);
    let signed_at = studio.chart().await.consents[0].at;
    studio.record(Change::WithdrawConsent { form: PHOTO_FORM, signed_at, reason: "Changed her mind".into() }).await;
    is_gone(&studio).await;
    studio.record(consent(&[PhotoScope::Website])).await;
    is_gone(&studio).await;
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_revoked_one_is_gone_and_so_is_what_was_kept_of_it(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = shown(options).await;
    assert_eq!(studio.nobody().get(&picture(TOKEN)).await.status, 200);
    studio.record(Change::RevokeShare { share: SHARE, reason: "Wrong picture".into() }).await;
    // Nobody asks for it any more: it is swept away nonetheless.
    assert_eq!(studio.clinics.photos.shared().await.unwrap(), [(CLINIC, SHARE)]);
    sweep::sweep(&studio.clinics).await.unwrap();
    assert_eq!(studio.clinics.photos.shared().await.unwrap(), []);
    is_gone(&studio).await;
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_photograph_that_is_taken_out_of_the_record_ends_it_too(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = shown(options).await;
    assert_eq!(studio.nobody().get(&picture(TOKEN)).await.status, 200);
    let photo = studio.chart().await.shares[0].after;
    studio.record(Change::RemovePhoto { photo, reason: "Of the wrong person".into() }).await;
    is_gone(&studio).await;
    sweep::sweep(&studio.clinics).await.unwrap();
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_token_shows_one_row_and_no_more(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = shown(options).await;
    let mut tx = studio.clinics.pool.begin().await.unwrap();
    sqlx::query("select set_config('cadence.share_token', $1, true)").bind(TOKEN).execute(&mut *tx).await.unwrap();
    let rows = |sql| sqlx::query_scalar::<_, i64>(sql);
    assert_eq!(rows("select count(*) from photo_share").fetch_one(&mut *tx).await.unwrap(), 1);
    assert!(rows("select count(*) from photo").fetch_one(&mut *tx).await.is_err(), "no clinic, no photographs");
    drop(tx);
    let mut tx = studio.clinics.pool.begin().await.unwrap();
    let none = sqlx::query_scalar::<_, i64>("select count(*) from photo_share").fetch_one(&mut *tx).await.unwrap();
    assert_eq!(none, 0, "the setting ended with its transaction");
}
