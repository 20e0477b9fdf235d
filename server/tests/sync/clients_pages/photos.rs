//! Photographs: none, until the clinic lets her see one; and only hers.

use super::phone::Phone;
use crate::{
    clinic::{CLINIC, client, id},
    photos::{
        files,
        studio::{OTHER_CLINIC, Studio},
    },
};
use domain::{
    command::Change,
    ids::{ClientId, PhotoId},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn she_sees_what_is_released_while_it_is(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let file = files::small();
    let mut photos = Vec::new();
    for (n, number) in [(1, 1), (2, 2), (3, 2)] {
        let photo = studio.take(n, number, &file, (400, 300)).await;
        studio.provider().await.send(photo, &file).await;
        photos.push(photo);
    }
    // Released, and its picture has not arrived.
    let waiting = studio.take(4, 2, &file, (400, 300)).await;
    studio.record(Change::ReleasePhoto { photo: waiting }).await;

    let mut owner = Phone::of(&studio, CLINIC, client(0)).await;
    let mut others = [Phone::of(&studio, CLINIC, client(1)).await, Phone::of(&studio, OTHER_CLINIC, ClientId(id(208))).await];
    let addresses = |photo: PhotoId| [format!("/me/photos/{photo}"), format!("/me/photos/{photo}/thumbnail")];
    let shown = async |phone: &mut Phone, photo| {
        let mut statuses = Vec::new();
        for address in addresses(photo) {
            statuses.push(phone.get(&address).await.status);
        }
        statuses
    };
    for photo in photos.iter().chain([&waiting]) {
        assert_eq!(shown(&mut owner, *photo).await, [404, 404], "nothing is released by itself");
    }
    assert!(owner.get("/me/photos").await.text().contains("no photos here yet"));

    studio.record(Change::ReleasePhoto { photo: photos[0] }).await;
    studio.record(Change::ReleasePhoto { photo: photos[1] }).await;
    let page = owner.get("/me/photos").await;
    assert_eq!(page.header("cache-control"), "no-store");
    for photo in &photos[..2] {
        assert_eq!(shown(&mut owner, *photo).await, [200, 200]);
        assert!(page.text().contains(&format!("/me/photos/{photo}")));
        let picture = owner.get(&format!("/me/photos/{photo}")).await;
        assert_eq!(
            (picture.header("cache-control").as_str(), picture.header("content-type").as_str()),
            ("private, no-store", "image/jpeg")
        );
        for other in &mut others {
            assert_eq!(shown(other, *photo).await, [404, 404]);
        }
        // The staff's address does not know her.
        assert_eq!(owner.get(&format!("/photos/{photo}")).await.status, 401);
    }
    for hidden in [photos[2], waiting, PhotoId(id(77))] {
        assert_eq!(shown(&mut owner, hidden).await, [404, 404]);
        assert!(!page.text().contains(&hidden.to_string()));
    }

    studio.record(Change::WithholdPhoto { photo: photos[0] }).await;
    assert_eq!(shown(&mut owner, photos[0]).await, [404, 404]);
    studio.record(Change::RemovePhoto { photo: photos[1], reason: "Eyes closed".into() }).await;
    assert_eq!(shown(&mut owner, photos[1]).await, [404, 404]);
    // The tables say what the devices read.
    let chart = studio.chart().await;
    let mut tx = server::store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
    let rebuilt = server::store::chart::rebuild(&mut tx, CLINIC, &[client(0)]).await.unwrap();
    assert_eq!(rebuilt, [chart]);
}
