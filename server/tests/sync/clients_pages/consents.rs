//! What is still to be signed, signed on a phone: the same signature as on the clinic's iPad.

use super::phone::Phone;
use crate::{
    clinic::{CLINIC, FORM, client, id, plan},
    photos::studio::{OTHER_CLINIC, Studio},
};
use domain::{
    chart::Chart,
    ids::{ClientId, StaffId},
};
use server::store::{self, chart, consent};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

const INK: &str = "%5B%5B%5B10%2C10%5D%2C%5B500%2C300%5D%5D%5D";

async fn read(studio: &Studio) -> Chart {
    let mut tx = store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
    chart::load(&mut tx, CLINIC, client(0)).await.unwrap().unwrap()
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_is_asked_is_signed_once_with_name_and_ink(_: PgPoolOptions, options: PgConnectOptions) {
    let studio = Studio::open(options).await;
    let mut phone = Phone::of(&studio, CLINIC, client(0)).await;
    let address = format!("/me/consent/{}/{FORM}", plan(0, true));
    assert!(phone.get("/me").await.text().contains(&address));
    let sheet = phone.get(&address).await.text();
    for element in domain::consent::ELEMENTS {
        assert!(sheet.contains(element), "{element}");
    }
    assert!(sheet.contains("<noscript>") && sheet.contains("src=\"/ink.js\""), "{sheet}");
    // Nothing is signed without the name, without a drawing, or of another version.
    for (form, says) in [
        (format!("version=1&name=Somebody+Else&ink={INK}"), "type your name"),
        ("version=1&name=Client+0&ink=".to_owned(), "iPad"),
        ("version=1&name=Client+0".to_owned(), "iPad"),
        ("version=1&name=Client+0&ink=%5B%5D".to_owned(), "iPad"),
        ("version=1&name=Client+0&ink=%5B%5B%5B1%2C9999%5D%2C%5B2%2C2%5D%5D%5D".to_owned(), "iPad"),
        (format!("version=2&name=Client+0&ink={INK}"), "read it again"),
    ] {
        let refused = phone.post(&address, &form).await;
        assert_eq!(refused.status, 422, "{form}");
        assert!(refused.text().contains(says), "{form}: {}", refused.text());
    }
    // Nobody else signs it.
    let form = format!("version=1&name=client+0&ink={INK}");
    let others = [Phone::of(&studio, CLINIC, client(1)).await, Phone::of(&studio, OTHER_CLINIC, ClientId(id(208))).await];
    for mut other in others {
        assert_eq!(other.get(&address).await.status, 404);
        assert_eq!(other.post(&address, &form).await.status, 404);
    }
    assert!(read(&studio).await.consents.is_empty());

    let taps = (0..10).map(|_| {
        let (mut tab, address, form) = (phone.tab(), address.clone(), form.clone());
        tokio::spawn(async move { tab.post(&address, &form).await.status })
    });
    let answers: Vec<_> = futures::future::join_all(taps).await.into_iter().map(Result::unwrap).collect();
    assert!(answers.contains(&303), "{answers:?}");
    let chart = read(&studio).await;
    let [signed] = chart.consents.as_slice() else { panic!("one signature: {:?}", chart.consents) };
    assert_eq!((signed.by, signed.signer.clone(), signed.version), (StaffId::CLIENT, None, 1));
    let mut tx = store::begin(&studio.clinics.pool, CLINIC).await.unwrap();
    let document = consent::find(&mut tx, CLINIC, client(0), FORM, signed.at).await.unwrap().expect("the document is kept");
    let text = lopdf::Document::load_mem(&document.body).unwrap().extract_text(&[1]).unwrap();
    assert!(text.replace(['\n', ' '], "").contains("Onadeviceoftheclient"), "{text}");
    assert_eq!(phone.get(&address).await.status, 404, "nothing is asked any more");
    // As on every device of the clinic, and in the tables.
    assert_eq!(studio.chart().await, chart);
    assert_eq!(chart::rebuild(&mut tx, CLINIC, &[client(0)]).await.unwrap(), [chart]);
}
