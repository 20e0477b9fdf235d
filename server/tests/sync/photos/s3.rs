//! The photo store keeps what it promises, in a folder and on S3.

use super::{files, studio::Studio};
use crate::clinic::{CLINIC, id};
use app::api::photos::{PIECE_BYTES, Upload};
use domain::ids::{ClinicId, PhotoId, ShareId};
use futures::TryStreamExt;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use object_store::aws::AmazonS3Builder;
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use server::photo_store::{Item, PhotoStore, Place};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::{os::unix::fs::PermissionsExt, path::Path};
use tokio::net::TcpListener;

const PHOTO: PhotoId = PhotoId(id(7_001));
const OTHER_CLINIC: ClinicId = ClinicId(id(7_002));
const SHARE: ShareId = ShareId(id(7_003));
const KEY: &str = "AKIAEXAMPLE";
const SECRET: &str = "not-a-secret";

/// What speaks S3 on this machine, with its bucket in a folder.
async fn s3(folder: &Path) -> PhotoStore {
    std::fs::create_dir(folder.join("pictures")).unwrap();
    let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder).unwrap());
    builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
    let service = builder.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (line, _) = listener.accept().await.unwrap();
            let service = service.clone();
            tokio::spawn(async move {
                let _ = auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(line), service).await;
            });
        }
    });
    let builder = AmazonS3Builder::new()
        .with_endpoint(format!("http://{address}"))
        .with_allow_http(true)
        .with_access_key_id(KEY)
        .with_secret_access_key(SECRET)
        .with_region("us-east-1")
        .with_bucket_name("pictures");
    PhotoStore::s3(builder, "pictures", "of/cadence").unwrap()
}

/// All that the rest of the server relies on.
async fn keeps_its_promises(store: &PhotoStore) {
    // Put, get, replaced, dropped; each under its own name.
    for item in [Item::Picture(PHOTO), Item::Thumbnail(PHOTO), Item::Shared(SHARE)] {
        assert!(store.read(CLINIC, item).await.unwrap().is_none());
        store.delete(CLINIC, item).await.unwrap();
        store.put(CLINIC, item, "first".into()).await.unwrap();
        store.put(CLINIC, item, "second".into()).await.unwrap();
        assert_eq!(store.read(CLINIC, item).await.unwrap().unwrap(), "second");
        assert!(store.read(OTHER_CLINIC, item).await.unwrap().is_none());
    }
    let stored = store.open(CLINIC, Item::Picture(PHOTO)).await.unwrap().unwrap();
    let streamed: Vec<_> = stored.stream.try_collect().await.unwrap();
    assert_eq!((stored.bytes, streamed.concat()), (6, b"second".to_vec()));
    assert_eq!(store.shared().await.unwrap(), [(CLINIC, SHARE)]);
    store.delete(CLINIC, Item::Shared(SHARE)).await.unwrap();
    assert_eq!(store.shared().await.unwrap(), []);

    // Pieces: only those without a gap count, and only whole ones.
    let bytes = 2 * PIECE_BYTES + 5;
    let piece = |n: u8, bytes: u32| vec![n; usize::try_from(bytes).unwrap()].into();
    assert_eq!(store.received(CLINIC, PHOTO, bytes).await.unwrap(), 0);
    store.put_piece(CLINIC, PHOTO, PIECE_BYTES, piece(1, PIECE_BYTES)).await.unwrap();
    assert_eq!(store.received(CLINIC, PHOTO, bytes).await.unwrap(), 0);
    store.put_piece(CLINIC, PHOTO, 0, piece(0, 7)).await.unwrap();
    assert_eq!(store.received(CLINIC, PHOTO, bytes).await.unwrap(), 0, "a piece that was cut short");
    store.put_piece(CLINIC, PHOTO, 0, piece(0, PIECE_BYTES)).await.unwrap();
    assert_eq!(store.received(CLINIC, PHOTO, bytes).await.unwrap(), 2 * PIECE_BYTES);
    assert!(store.assembled(CLINIC, PHOTO, bytes).await.unwrap().is_none());
    store.put_piece(CLINIC, PHOTO, 2 * PIECE_BYTES, piece(2, 5)).await.unwrap();
    assert_eq!(store.received(CLINIC, PHOTO, bytes).await.unwrap(), bytes);
    let whole = store.assembled(CLINIC, PHOTO, bytes).await.unwrap().unwrap();
    assert_eq!(whole.len(), usize::try_from(bytes).unwrap());
    assert!(whole.is_sorted() && whole.ends_with(&[1, 2, 2, 2, 2, 2]));
    assert_eq!(store.received(OTHER_CLINIC, PHOTO, bytes).await.unwrap(), 0);
    assert_eq!(store.arriving().await.unwrap(), [(CLINIC, PHOTO)]);
    store.drop_pieces(CLINIC, PHOTO).await.unwrap();
    store.drop_pieces(CLINIC, PHOTO).await.unwrap();
    assert_eq!(store.received(CLINIC, PHOTO, bytes).await.unwrap(), 0);
    assert_eq!(store.arriving().await.unwrap(), []);
    // What is kept is still there.
    assert_eq!(store.read(CLINIC, Item::Picture(PHOTO)).await.unwrap().unwrap(), "second");
}

#[tokio::test]
async fn a_folder_keeps_what_it_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let photos = folder.path().join("in/photos");
    keeps_its_promises(&PhotoStore::open_at(&Place::Folder(photos.clone())).unwrap()).await;
    assert_eq!(std::fs::metadata(&photos).unwrap().permissions().mode() & 0o777, 0o700, "for the server's eyes only");
    // Opened again, it is all there.
    let again = PhotoStore::folder(&photos).unwrap();
    assert!(again.read(CLINIC, Item::Thumbnail(PHOTO)).await.unwrap().is_some());
}

#[tokio::test]
async fn s3_keeps_what_it_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let store = s3(folder.path()).await;
    keeps_its_promises(&store).await;
    assert!(folder.path().join("pictures/of/cadence").is_dir(), "under its prefix");
}

#[tokio::test]
async fn memory_keeps_what_it_is_given() {
    keeps_its_promises(&PhotoStore::in_memory()).await;
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn an_upload_to_s3_goes_on_with_another_server(_: PgPoolOptions, options: PgConnectOptions) {
    let folder = tempfile::tempdir().unwrap();
    let store = s3(folder.path()).await;
    let mut studio = Studio::open_on(options, store, folder).await;
    let file = files::photograph();
    let photo = studio.take(1, 1, &file, (1200, 900)).await;
    assert_eq!(studio.provider().await.piece(photo, &file, 0).await, (200, Some(Upload::Received(PIECE_BYTES))));
    studio.restart().await;
    assert_eq!(studio.provider().await.send(photo, &file).await, (200, Some(Upload::Done)));
    assert!(studio.clinics.photos.read(CLINIC, Item::Picture(photo)).await.unwrap().unwrap() == file);
    assert_eq!(studio.clinics.photos.arriving().await.unwrap(), []);
}
