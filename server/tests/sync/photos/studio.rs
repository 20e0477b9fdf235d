//! The test clinic with what photographs need: a set of views, a photo consent, people of every kind, and a server on a real port.

use super::browser::{Browser, hash};
use crate::{
    clinic::{self, CLINIC, Counting, PROVIDER, audit_key, client, id, session},
    device::Device,
};
use axum::Router;
use domain::{
    catalogue::{Role, Staff},
    chart::Chart,
    client::{Client, Contact},
    command::Change,
    consent::{ConsentForm, ConsentKind, ConsentVersion, ELEMENTS, PhotoScope, PhotoTerms, Signing},
    ids::*,
    photo::{Measures, PhotoFile, Shot},
    time::{Day, Moment},
    view::{Guide, Setup, View, ViewSet},
};
use server::{
    clinic::Clinics,
    follow_up::transport::InApp,
    http::{self, Edge, cookie::CookieName},
    photo_store::PhotoStore,
    store::{self, catalogue, chart, sign_in},
    token,
    ways_in::{SecretKey, WaysIn},
};
use sqlx::postgres::PgConnectOptions;
use std::{net::SocketAddr, sync::Arc};
use tokio::{net::TcpListener, task::JoinHandle};

pub const FRONT: ViewId = ViewId(id(201));
pub const PHOTO_FORM: ConsentFormId = ConsentFormId(id(202));
pub const DESK: StaffId = StaffId(id(203));
pub const OTHER_CLINIC: ClinicId = ClinicId(id(204));
const STRANGER: StaffId = StaffId(id(205));

/// The shell's page before it is built: as good as the built one for what stands around a form.
const SITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../public");

pub struct Studio {
    pub clinics: Arc<Clinics>,
    pub device: Device,
    server: Served,
    _folder: tempfile::TempDir,
}

/// What all server processes of the clinic were told at start.
pub fn ways_in() -> WaysIn {
    WaysIn::new(SecretKey::new([9; 32]), "http://localhost:7300").unwrap()
}

/// A server process, as far as anybody can tell from outside.
pub struct Served {
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Served {
    pub async fn start(clinics: Arc<Clinics>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router: Router = http::router(Edge {
            clinics,
            cookie_name: CookieName::Plain,
            ways_in: Arc::new(ways_in()),
            origin: "http://clinic.example".into(),
            transport: Arc::new(InApp),
            site: SITE.into(),
        });
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, task }
    }
}

impl Studio {
    pub async fn open(options: PgConnectOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = PhotoStore::folder(&folder.path().join("photos")).unwrap();
        Self::open_on(options, store, folder).await
    }

    pub async fn open_on(options: PgConnectOptions, store: PhotoStore, folder: tempfile::TempDir) -> Self {
        let plain = clinic::open(options, 2).await;
        let clinics = Arc::new(Clinics::new(plain.pool.clone(), Arc::new(Counting::from(1_000)), store, audit_key()));
        furnish(&clinics).await.unwrap();
        let device = Device::new(1, &clinics).await;
        device.sync().await;
        let server = Served::start(clinics.clone()).await;
        Self { clinics, device, server, _folder: folder }
    }

    /// The server ends and another one starts: whatever was only in its memory is gone.
    pub async fn restart(&mut self) {
        let Clinics { pool, photos, .. } = &*self.clinics;
        let clinics = Arc::new(Clinics::new(pool.clone(), Arc::new(Counting::from(500_000)), photos.clone(), audit_key()));
        self.server.task.abort();
        self.server = Served::start(clinics.clone()).await;
        self.clinics = clinics;
    }

    /// Another server process of the same clinic.
    pub async fn second_server(&self) -> Served {
        let Clinics { pool, photos, .. } = &*self.clinics;
        Served::start(Arc::new(Clinics::new(pool.clone(), Arc::new(Counting::from(700_000)), photos.clone(), audit_key()))).await
    }

    /// Somebody who treats.
    pub async fn provider(&self) -> Browser {
        self.signed_in(CLINIC, PROVIDER).await
    }

    pub async fn desk(&self) -> Browser {
        self.signed_in(CLINIC, DESK).await
    }

    /// Who treats at another clinic.
    pub async fn stranger(&self) -> Browser {
        self.signed_in(OTHER_CLINIC, STRANGER).await
    }

    pub fn nobody(&self) -> Browser {
        Browser { address: self.server.address, token: None }
    }

    async fn signed_in(&self, clinic: ClinicId, staff: StaffId) -> Browser {
        let token = hash(format!("{clinic} {staff}").as_bytes());
        let (since, until) = (Moment::from_millis(0), Moment::from_millis(2_000_000_000_000));
        if sign_in::find(&self.clinics.pool, &token::hash(&token), since).await.unwrap().is_none() {
            let mut tx = store::begin(&self.clinics.pool, clinic).await.unwrap();
            sign_in::begin(&mut tx, (clinic, staff), &token::hash(&token), since, until).await.unwrap();
            tx.commit().await.unwrap();
        }
        Browser { address: self.server.address, token: Some(token) }
    }

    /// Takes a photograph with this file, and lets the clinic know.
    pub async fn take(&self, n: u128, number: u16, file: &[u8], size: (u16, u16)) -> PhotoId {
        let shot = shot(n, number, file, size);
        let id = shot.id;
        self.record(Change::TakePhoto(shot)).await;
        id
    }

    pub async fn record(&self, change: Change) {
        self.device.engine.record(client(0), change, None).await.unwrap();
        self.device.sync().await;
    }

    /// The first client's chart, as this device has it after it has asked.
    pub async fn chart(&self) -> Chart {
        self.device.sync().await;
        self.device.engine.read(|replica| Chart::clone(&replica.chart(client(0)).unwrap()))
    }
}

pub fn shot(n: u128, number: u16, file: &[u8], (width, height): (u16, u16)) -> Shot {
    Shot {
        id: PhotoId(id(5_000 + n)),
        session: session(0, number),
        view: FRONT,
        setup: Setup { distance: "1 m".into(), light: "Two lamps".into(), background: "Grey".into() },
        file: PhotoFile { sha256: hash(file), bytes: u32::try_from(file.len()).unwrap(), width, height },
        measures: Measures { sharpness: 90, ..Measures::default() },
        despite: String::new(),
    }
}

/// The client agrees to these uses.
pub fn consent(scopes: &[PhotoScope]) -> Change {
    let photo = Some(PhotoTerms { scopes: scopes.to_vec(), until: None });
    Change::SignConsent(Signing { form: PHOTO_FORM, version: 1, plan: None, signer: None, photo, ink: vec![vec![(100, 200), (700, 260)]] })
}

async fn furnish(clinics: &Clinics) -> store::Result<()> {
    let mut tx = store::begin(&clinics.pool, CLINIC).await?;
    let staff = |id, name: &str, role| Staff { id, name: name.into(), role, active: true };
    catalogue::add_staff(&mut tx, CLINIC, &staff(DESK, "Ines Kaya", Role::FrontDesk)).await?;
    let view = View { id: FRONT, name: "Front".into(), guide: Guide::FaceFront, instruction: String::new(), retired: false };
    let set = ViewSet {
        id: ViewSetId(id(206)),
        name: "Face".into(),
        areas: vec![],
        setup: Setup::default(),
        views: vec![view],
        retired: false,
        version: 1,
    };
    catalogue::save_view_set(&mut tx, CLINIC, &set).await?;
    let version = ConsentVersion {
        number: 1,
        elements: ELEMENTS.map(str::to_owned),
        material: true,
        published_at: Moment::from_millis(0),
        published_by: PROVIDER,
    };
    let form = ConsentForm {
        id: PHOTO_FORM,
        kind: ConsentKind::Photo,
        name: "Photographs".into(),
        draft: version.elements.clone(),
        versions: vec![],
        retired: false,
        edits: 1,
    };
    catalogue::save_consent_form(&mut tx, CLINIC, &form).await?;
    catalogue::publish_consent(&mut tx, CLINIC, PHOTO_FORM, &version).await?;
    let next = store::clinic::lock_version(&mut tx, CLINIC).await?.version + 1;
    let change = store::clinic::Change { client: None, command: None, by: None, at: Moment::from_millis(0) };
    store::clinic::raise_version(&mut tx, CLINIC, next, change).await?;
    tx.commit().await?;

    let mut tx = store::begin(&clinics.pool, OTHER_CLINIC).await?;
    store::clinic::add(&mut tx, OTHER_CLINIC, "Another clinic", "America/Chicago", "USD", EpochId(id(207)), Moment::from_millis(0)).await?;
    catalogue::add_staff(&mut tx, OTHER_CLINIC, &staff(STRANGER, "Dr Stranger", Role::Owner)).await?;
    let someone = Client {
        id: ClientId(id(208)),
        name: "Someone".into(),
        birth_date: Day::new(1990, 1, 1).expect("a day"),
        skin_type: None,
        allergies: String::new(),
        contact: Contact::default(),
    };
    chart::add(&mut tx, OTHER_CLINIC, &[(2, Chart::new(someone))]).await?;
    tx.commit().await?;
    Ok(())
}
