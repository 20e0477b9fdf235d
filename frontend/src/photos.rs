//! What photographs need of the browser: the pictures on the disk, the way to the clinic, the camera, the darkroom.
//!
//! Fetched with the pages: nobody photographs in the first second.

mod camera;
mod darkroom;
mod server;

use crate::local_store::photos::Pictures;
use app::ports::PhotoRoom;
use futures::future::LocalBoxFuture;
use leptos::wasm_split::SplitLoaderError;
use std::rc::Rc;

type Opening = LocalBoxFuture<'static, Result<PhotoRoom, String>>;

#[leptos::wasm_split::wasm_split(photos, wasm_split_path = ::leptos::wasm_split, fallible)]
fn photo_room() -> Result<Opening, SplitLoaderError> {
    Ok(Box::pin(async {
        let store = Pictures::open().await.map_err(|error| error.to_string())?;
        Ok(PhotoRoom {
            store: Rc::new(store),
            server: Rc::new(server::Clinic),
            darkroom: Rc::new(darkroom::Worker::default()),
            camera: Rc::new(camera::Device::default()),
        })
    }))
}

/// Fetches this piece and opens the room.
pub fn open() -> Opening {
    Box::pin(async {
        match photo_room().await {
            Ok(opening) => opening.await,
            Err(_) => {
                Err("Photographs cannot be opened: the network broke off while Cadence was opened here for the first time.".to_owned())
            }
        }
    })
}
