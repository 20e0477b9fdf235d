//! A device holds only what whoever is signed in may see.

use crate::{
    clinic::{self, LASER, client, record, session},
    device::{Device, signed_in},
};
use domain::{
    catalogue::Role,
    chart::Chart,
    command::Change,
    ids::{AddendumId, DeviceNoteId},
    note::NoteForNext,
    sync::decode,
};
use server::sync::pull;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

/// Written into a chart wherever something clinical can be written.
const CANARY: &str = "kanarienvogel";

async fn charted(device: &Device) {
    device.sync().await;
    let session = session(0, 1);
    let note = Some(NoteForNext { text: format!("{CANARY} in a note"), change: None });
    let record = clinic_record(session, note);
    let changes = [
        Change::SignSession { session, record, rest: None },
        Change::AddAddendum { session, addendum: AddendumId(clinic::id(501)), text: format!("{CANARY} in an addendum") },
        Change::PinDeviceNote { note: DeviceNoteId(clinic::id(502)), device: LASER, text: format!("{CANARY} on a device") },
        // A second charting, which is set aside.
        Change::SignSession {
            session,
            record: clinic_record(session, Some(NoteForNext { text: format!("{CANARY} set aside"), change: None })),
            rest: None,
        },
    ];
    for change in changes {
        device.engine.record(client(0), change, None).await.unwrap();
    }
    device.sync().await;
}

fn clinic_record(of: domain::ids::SessionId, note: Option<NoteForNext>) -> domain::record::Record {
    domain::record::Record { note, ..record(of, 10) }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn whoever_does_not_treat_receives_nothing_clinical(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 2).await;
    charted(&Device::new(1, &clinics).await).await;
    let page = async |role| {
        let request = app::api::PullRequest { since: 0, epoch: None, by: Some(signed_in().staff) };
        pull::page(&clinics, clinic::CLINIC, role, request).await.unwrap()
    };
    for role in [Role::FrontDesk, Role::Coordinator] {
        let page = page(role).await;
        let charts: Vec<Chart> = page.charts.iter().map(|chart| decode(&chart.body.0).unwrap()).collect();
        assert_eq!(charts.len(), 2);
        assert!(!format!("{charts:?}").contains(CANARY));
        let chart = charts.iter().find(|chart| chart.client.id == client(0)).unwrap();
        assert!(chart.sessions.iter().any(|session| session.signed.is_some()), "what was delivered is still told");
    }
    for role in [Role::Provider, Role::MedicalDirector, Role::Owner] {
        let page = page(role).await;
        let charts: Vec<Chart> = page.charts.iter().map(|chart| decode(&chart.body.0).unwrap()).collect();
        assert_eq!(format!("{charts:?}").matches(CANARY).count(), 4);
    }
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn a_role_that_is_taken_away_takes_its_data_off_the_device(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = clinic::open(options, 2).await;
    let device = Device::new(1, &clinics).await;
    charted(&device).await;
    // Answered, and so without what was typed in the outbox.
    device.sync().await;
    assert!(holds(&device.disk.pages(), CANARY));

    device.role.set(Role::FrontDesk);
    device.sync().await;
    assert!(!holds(&device.disk.pages(), CANARY));
    let chart = device.engine.read(|replica| replica.chart(client(0))).unwrap();
    assert!(!format!("{chart:?}").contains(CANARY));
    let device = device.kill().await;
    assert_eq!(device.engine.read(|replica| replica.mirror().count()), 2);

    device.role.set(Role::Provider);
    device.sync().await;
    assert!(holds(&device.disk.pages(), CANARY));
}
