//! Consents at the clinic: one signature however many sign, a document that stays as it was, and no session without.

use crate::{
    clinic::{self, CLINIC, PROVIDER, client, record, session},
    device::{Device, signed_in},
};
use app::api::{ApiError, CatalogueEdit, Numbered};
use domain::{
    command::{COMMAND_VERSION, Change, Command, Decision},
    consent::{Asked, ConsentForm, ConsentKind, ELEMENTS, Signing, Why},
    ids::{AddendumId, CommandId, ConsentFormId, InstallationId, PlanId},
    package::Package,
    rejection::Rejection,
    sync::Outcome,
    time::Moment,
};
use server::{
    clinic::Clinics,
    consents,
    editing::{self, EditError},
    store::{self, consent::SignedDocument},
    sync::push,
};
use sha2::{Digest, Sha256};
use sqlx::{
    Row,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::sync::Arc;

/// A form of these tests; the clinic has another one already.
const FORM: ConsentFormId = ConsentFormId(clinic::id(90));

fn plan(client: u128) -> PlanId {
    clinic::plan(client, false)
}

/// An edit of the catalogue, as the medical director makes it.
async fn edit(clinics: &Clinics, edit: CatalogueEdit) -> Result<(), ApiError> {
    editing::save(clinics, &signed_in(), edit).await.map_err(|error| match error {
        EditError::Api(error) => error,
        EditError::Store(error) => panic!("the store failed: {error}"),
    })
}

/// A form for treatment, as it is edited for the `edits`th time.
fn form(edits: u32, risks: &str) -> ConsentForm {
    let mut draft = ELEMENTS.map(|label| format!("{label}, in words."));
    draft[1] = risks.to_owned();
    ConsentForm { id: FORM, kind: ConsentKind::Treatment, name: "Laser".into(), draft, versions: vec![], retired: false, edits }
}

/// Publishes the next version of the form, which says this about risks; version `number` is it then.
async fn publish(clinics: &Clinics, number: u32, risks: &str, material: bool) {
    // Each version before was one edit and one publishing.
    let edits = (number - 1) * 2;
    edit(clinics, CatalogueEdit::ConsentForm(form(edits, risks))).await.expect("a draft can be saved");
    let publish = CatalogueEdit::PublishConsent { form: FORM, edits: edits + 1, material };
    edit(clinics, publish).await.expect("a whole draft can be published");
}

/// From now on the clinic's package asks for the form.
async fn ask_for_consent(clinics: &Clinics) {
    let asking = Package { consents: vec![FORM], ..clinic::package(false) };
    edit(clinics, CatalogueEdit::Package(asking)).await.expect("the package can be saved");
}

fn signing(version: u32) -> Signing {
    let ink = vec![vec![(100, 200), (400, 120), (700, 260)], vec![(720, 90)]];
    Signing { form: FORM, version, plan: Some(plan(0)), signer: None, photo: None, ink }
}

fn sign_session(number: u16) -> Change {
    Change::SignSession { session: session(0, number), record: record(session(0, number), 10), rest: None }
}

/// One value from the database, as the server's own role sees it.
async fn ask(clinics: &Clinics, sql: &'static str) -> i64 {
    let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
    sqlx::query(sql).fetch_one(&mut *tx).await.unwrap().get(0)
}

/// Changes who is what, as Settings does: the catalogue is another one then.
async fn become_roles(clinics: &Clinics, sql: &'static str) {
    let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
    sqlx::query(sql).execute(&mut *tx).await.unwrap();
    sqlx::query("update clinic_version set version = version + 1, catalogue_version = version + 1").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// What the database says to a statement of the server's own role.
async fn refused(clinics: &Clinics, sql: &'static str) -> sqlx::Error {
    let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
    sqlx::query(sql).execute(&mut *tx).await.expect_err("the database refuses it")
}

async fn document(clinics: &Clinics, at: Moment) -> SignedDocument {
    let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
    store::consent::find(&mut tx, CLINIC, client(0), FORM, at).await.unwrap().expect("it is on file")
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn fifty_sign_at_once_and_one_signature_with_one_document_is_left(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 1).await;
    publish(&clinics, 1, "Redness.", false).await;
    ask_for_consent(&clinics).await;
    let push = |n: u32| {
        let clinics: Arc<Clinics> = clinics.clone();
        // Five devices with ten taps each, none in the same moment.
        let installation = InstallationId(clinic::id(800 + u128::from(n % 5)));
        let command = Command {
            v: COMMAND_VERSION,
            id: CommandId(clinic::id(9_000 + u128::from(n))),
            clinic: CLINIC,
            installation,
            client: client(0),
            by: PROVIDER,
            at: Moment::from_millis(1_790_000_000_000 + i64::from(n)),
            change: Change::SignConsent(signing(1)),
        };
        let text = serde_json::to_string(&command).unwrap();
        tokio::spawn(
            async move { push::receive(&clinics, &signed_in(), installation, &Numbered { number: u64::from(n / 5 + 1), text }).await },
        )
    };
    let pushed: Vec<_> = (0..50).map(push).collect();
    for outcome in pushed {
        assert!(matches!(outcome.await.unwrap().unwrap(), Outcome::Applied { .. }));
    }
    assert_eq!(ask(&clinics, "select count(*) from consent").await, 1);
    assert_eq!(ask(&clinics, "select count(*) from consent_document").await, 1);
    assert_eq!(ask(&clinics, "select count(*) from receipt").await, 50);
    let device = Device::new(1, &clinics).await;
    device.sync().await;
    let chart = device.engine.read(|replica| replica.chart(client(0)).unwrap());
    assert_eq!((chart.consents.len(), chart.undecided().count()), (1, 0));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_document_stays_as_it_was_signed_whatever_is_published_later(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 1).await;
    publish(&clinics, 1, "Redness.", false).await;
    ask_for_consent(&clinics).await;
    let device = Device::new(1, &clinics).await;
    device.sync().await;
    device.engine.record(client(0), Change::SignConsent(signing(1)), None).await.unwrap();
    device.sync().await;
    let signed = device.engine.read(|replica| replica.chart(client(0)).unwrap().consents[0].clone());
    let first = document(&clinics, signed.at).await;
    assert!(first.body.starts_with(b"%PDF"));
    assert_eq!(first.sha256, Sha256::digest(&first.body).as_slice());

    publish(&clinics, 2, "Redness and burns.", true).await;
    publish(&clinics, 3, "Redness, burns and scars.", true).await;
    device.sync().await;
    let again = document(&clinics, signed.at).await;
    assert_eq!((again.body == first.body, again.sha256), (true, first.sha256));
    // Drawn anew from what was signed, it would be the same, too.
    let (chart, catalogue) = device.engine.read(|replica| (replica.chart(client(0)).unwrap(), replica.catalogue().unwrap()));
    assert!(consents::draw(&catalogue, &chart, &signed, &signing(1).ink).unwrap() == first.body);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn no_session_is_signed_without_and_the_one_set_aside_is_signed_after_all(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 1).await;
    let (stale, other) = (Device::new(1, &clinics).await, Device::new(2, &clinics).await);
    stale.sync().await;
    publish(&clinics, 1, "Redness.", false).await;
    ask_for_consent(&clinics).await;
    other.sync().await;
    // Who knows of the form is told on the spot; who does not know yet is told by the clinic.
    let told = other.engine.record(client(0), sign_session(1), None).await;
    assert!(told.is_err_and(|error| error.to_string().contains("“Laser” is not signed")));
    let before = stale.engine.now();
    stale.engine.record(client(0), sign_session(1), None).await.unwrap();
    stale.sync().await;
    other.sync().await;
    let chart = other.engine.read(|replica| replica.chart(client(0)).unwrap());
    let aside = chart.undecided().next().expect("it is set aside").clone();
    assert_eq!(aside.rejection, Rejection::ConsentMissing { form: "Laser".into() });
    assert!(chart.sessions[0].signed.is_none());

    let keep = |n| Change::Decide { command: aside.command, decision: Decision::Keep { addendum: AddendumId(clinic::id(n)) } };
    assert!(other.engine.record(client(0), keep(700), None).await.is_err(), "nothing is signed yet");
    other.engine.record(client(0), Change::SignConsent(signing(1)), None).await.unwrap();
    other.engine.record(client(0), keep(701), None).await.unwrap();
    other.sync().await;
    stale.sync().await;
    for device in [&stale, &other] {
        let chart = device.engine.read(|replica| replica.chart(client(0)).unwrap());
        let signed = chart.sessions[0].signed.as_ref().expect("it is signed now");
        assert_eq!((signed.by, &signed.record), (PROVIDER, &record(session(0, 1), 10)));
        // As it was charted: when, too.
        assert!(signed.at == aside.at && signed.at > before);
        assert_eq!((chart.undecided().count(), chart.sessions[0].addenda.len()), (0, 0));
    }
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_third_version_is_asked_for_and_who_signed_the_second_stays_on_it(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 1).await;
    publish(&clinics, 1, "Redness.", false).await;
    publish(&clinics, 2, "Redness and burns.", true).await;
    ask_for_consent(&clinics).await;
    let device = Device::new(1, &clinics).await;
    device.sync().await;
    device.engine.record(client(0), Change::SignConsent(signing(2)), None).await.unwrap();
    device.sync().await;
    let asked = |device: &Device| {
        let look = |replica: &app::sync::Replica| replica.chart(client(0)).unwrap().asked(plan(0), &replica.catalogue().unwrap());
        device.engine.read(look)
    };
    assert!(asked(&device).is_empty());
    publish(&clinics, 3, "Redness, burns and scars.", true).await;
    device.sync().await;
    assert_eq!(asked(&device), [Asked { form: FORM, version: 3, why: Why::Newer { signed: 2 } }]);
    // Asked, never forced: the second holds.
    device.engine.record(client(0), sign_session(1), None).await.unwrap();
    device.sync().await;
    let chart = device.engine.read(|replica| replica.chart(client(0)).unwrap());
    assert!(chart.sessions[0].signed.is_some() && chart.undecided().next().is_none());
    assert_eq!(chart.consents.iter().map(|consent| consent.version).collect::<Vec<_>>(), [2]);
    assert_eq!(ask(&clinics, "select max(version)::bigint from consent").await, 2);
    device.engine.record(client(0), Change::SignConsent(signing(3)), None).await.unwrap();
    device.sync().await;
    assert!(asked(&device).is_empty());
    assert_eq!(ask(&clinics, "select count(*) from consent_document").await, 2);
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_version_without_one_of_the_six_elements_cannot_be(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 1).await;
    edit(&clinics, CatalogueEdit::ConsentForm(form(0, "  "))).await.expect("a draft may lack one");
    let publish = CatalogueEdit::PublishConsent { form: FORM, edits: 1, material: false };
    let Err(ApiError::Invalid(faults)) = edit(&clinics, publish).await else { panic!("it was published") };
    assert!(faults.len() == 1 && faults[0].contains("“Risks”"), "{faults:?}");
    // Nor does the database let one in, whoever asks it.
    let by_hand = "insert into consent_version (clinic_id, form_id, number, elements, material, published_at, published_by)
         select clinic_id, id, 1, draft, false, now(), (select id from staff limit 1) from consent_form
         where id = '00000000-0000-0000-0000-00000000005a'";
    let error = refused(&clinics, by_hand).await;
    assert!(error.as_database_error().is_some_and(|error| error.is_check_violation()), "{error}");
    assert_eq!(ask(&clinics, "select count(*) from consent_version where elements[2] !~ '\\S'").await, 0);
    // What is published already cannot be published again as something new.
    edit(&clinics, CatalogueEdit::ConsentForm(form(1, "Redness."))).await.unwrap();
    let publish = |edits| CatalogueEdit::PublishConsent { form: FORM, edits, material: false };
    edit(&clinics, publish(2)).await.unwrap();
    assert_eq!(edit(&clinics, publish(2)).await, Err(ApiError::Stale));
    assert!(matches!(edit(&clinics, publish(3)).await, Err(ApiError::Invalid(_))));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn only_a_director_publishes(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 1).await;
    edit(&clinics, CatalogueEdit::ConsentForm(form(0, "Redness."))).await.unwrap();
    let publish = CatalogueEdit::PublishConsent { form: FORM, edits: 1, material: false };
    // Who is signed in is an owner now, and a colleague directs.
    become_roles(&clinics, "update staff set role = case when id = '00000000-0000-0000-0000-000000000002' then 'Owner' else role end")
        .await;
    assert_eq!(edit(&clinics, publish.clone()).await, Err(ApiError::NotAllowed));
    become_roles(&clinics, "update staff set role = 'Provider' where role = 'MedicalDirector'").await;
    edit(&clinics, publish).await.expect("nobody else can");
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_was_published_or_signed_cannot_be_changed_even_by_the_server(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 1).await;
    publish(&clinics, 1, "Redness.", false).await;
    ask_for_consent(&clinics).await;
    let device = Device::new(1, &clinics).await;
    device.sync().await;
    device.engine.record(client(0), Change::SignConsent(signing(1)), None).await.unwrap();
    device.sync().await;
    let forbidden = [
        "update consent_version set material = true",
        "delete from consent_version",
        "update consent_document set body = 'x'::bytea, sha256 = sha256('x'::bytea)",
        "delete from consent_document",
        "update consent set version = 2",
        "delete from consent",
    ];
    for sql in forbidden {
        let error = refused(&clinics, sql).await;
        // Insufficient privilege.
        assert_eq!(error.as_database_error().and_then(|error| error.code()).as_deref(), Some("42501"), "{sql}: {error}");
    }
}
