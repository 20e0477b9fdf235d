//! What photographs need from the browser. All of it is opened with the pages, not with the first piece of the program.

use super::StoreError;
use crate::api::{ApiError, photos::Upload};
use async_trait::async_trait;
use domain::{
    ids::{ClientId, PhotoId},
    photo::Measures,
};
use futures::future::LocalBoxFuture;
use imaging::{Gains, Similarity};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// The ports of this file, together.
#[derive(Clone)]
pub struct PhotoRoom {
    pub store: Rc<dyn PhotoStore>,
    pub server: Rc<dyn PhotoServer>,
    pub darkroom: Rc<dyn Darkroom>,
    pub camera: Rc<dyn Camera>,
}

/// Fetches that part of the program and opens it; the error is for people.
pub type OpenPhotoRoom = fn() -> LocalBoxFuture<'static, Result<PhotoRoom, String>>;

/// A photograph as it comes out of the darkroom, on its way to the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenPhoto {
    pub id: PhotoId,
    pub client: ClientId,
    /// A JPEG; its hash is what the command says.
    pub picture: Vec<u8>,
    pub thumbnail: Vec<u8>,
}

/// A picture that is only on this device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingPhoto {
    pub photo: PhotoId,
    pub client: ClientId,
    pub bytes: u32,
    #[serde(default)]
    pub trouble: Option<Trouble>,
}

/// Why a picture cannot go to the clinic by itself. It is kept until a person decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trouble {
    /// What lies here is not what was taken any more: the disk has damaged it.
    Damaged,
    /// The server cannot read it as a picture.
    NotAPicture,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Size {
    Thumbnail,
    Whole,
}

/// The pictures on the device: those that wait, which are never dropped, and copies of what the clinic has.
#[async_trait(?Send)]
pub trait PhotoStore {
    /// Oldest first.
    async fn waiting(&self) -> Result<Vec<WaitingPhoto>, StoreError>;

    /// Whatever is here of a picture; `None` when it is not.
    async fn picture(&self, photo: PhotoId, size: Size) -> Result<Option<Vec<u8>>, StoreError>;

    /// SHA-256 of a whole picture as it lies here, in lower-case hexadecimal digits.
    async fn hash(&self, photo: PhotoId) -> Result<Option<String>, StoreError>;

    /// An address under which this page can show what is here of a picture.
    async fn address(&self, photo: PhotoId, size: Size) -> Result<Option<String>, StoreError>;

    /// The clinic has it: from now on it is a copy like any other.
    async fn sent(&self, photo: PhotoId) -> Result<(), StoreError>;

    async fn note_trouble(&self, photo: PhotoId, trouble: Trouble) -> Result<(), StoreError>;

    /// A person decided that it does not go to the clinic.
    async fn let_go(&self, photo: PhotoId) -> Result<(), StoreError>;

    /// Keeps a copy of what the clinic has.
    async fn keep(&self, photo: PhotoId, size: Size, bytes: Vec<u8>) -> Result<(), StoreError>;

    /// Of which photographs there are whole copies.
    async fn whole_copies(&self) -> Result<Vec<PhotoId>, StoreError>;

    /// Drops whole copies; what waits is never dropped.
    async fn drop_copies(&self, photos: &[PhotoId]) -> Result<(), StoreError>;

    /// Throws away everything that the clinic has, small pictures too: whoever is here now does not see them.
    async fn drop_all_copies(&self) -> Result<(), StoreError>;
}

/// The clinic's pictures. `None`: the clinic does not know the photograph, or does not have the picture yet.
#[async_trait(?Send)]
pub trait PhotoServer {
    async fn upload(&self, photo: PhotoId) -> Result<Option<Upload>, ApiError>;
    async fn send(&self, photo: PhotoId, offset: u32, piece: &[u8]) -> Result<Option<Upload>, ApiError>;
    async fn picture(&self, photo: PhotoId, size: Size) -> Result<Option<Vec<u8>>, ApiError>;
}

/// Where pictures are computed, beside the page. Frames are taken from the element that shows the camera.
#[async_trait(?Send)]
pub trait Darkroom {
    /// Makes a photograph ready to be a baseline: what takes time, before anybody waits for it.
    async fn prepare(&self, photo: PhotoId, picture: &[u8]) -> Result<(), DarkroomError>;

    /// What new pictures are held against from now on. `false`: it has to be prepared first, and nothing is held against anything.
    async fn hold_against(&self, baseline: Option<PhotoId>) -> Result<bool, DarkroomError>;

    /// How the live picture lies against the baseline.
    async fn look(&self, live: &web_sys::HtmlVideoElement) -> Result<Measures, DarkroomError>;

    async fn develop_frame(&self, live: &web_sys::HtmlVideoElement) -> Result<Developed, DarkroomError>;
    async fn develop_file(&self, file: &web_sys::File) -> Result<Developed, DarkroomError>;

    /// How the later of two pictures lies on the earlier; `None` when nothing is found that is the same in both.
    async fn lay(&self, earlier: Vec<u8>, later: Vec<u8>) -> Result<Option<Laid>, DarkroomError>;
}

/// A picture freed of everything that is not picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Developed {
    pub picture: Vec<u8>,
    pub thumbnail: Vec<u8>,
    pub sha256: String,
    pub width: u16,
    pub height: u16,
    pub measures: Measures,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Laid {
    /// Where the later picture lies on the earlier.
    pub place: Similarity,
    /// What the later one's light is multiplied by to be the earlier one's.
    pub gains: Option<Gains>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DarkroomError {
    #[error("This file is not a picture this browser can read. Choose a JPEG or PNG.")]
    Unreadable,
    #[error("The picture could not be worked on in this browser ({0}). Nothing was lost: try again, or choose a file.")]
    Failed(String),
}

/// The device's camera, shown in an element of the page.
#[async_trait(?Send)]
pub trait Camera {
    /// Opens it, in place of the one that is open. `front`: the one that looks at whoever holds the device.
    async fn open(&self, show_in: &web_sys::HtmlVideoElement, front: bool) -> Result<(), CameraError>;

    /// Whether it still gives pictures: another app, or the lock screen, may have taken it away.
    fn is_live(&self) -> bool;

    fn close(&self);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CameraError {
    #[error("This browser may not use the camera. Allow it in the browser’s settings for this page, or choose a file.")]
    Refused,
    #[error("This device has no camera. Choose a file.")]
    Missing,
    #[error("The camera is used by another app. Close it there, or choose a file.")]
    Busy,
    #[error("The camera did not open. Try again, or choose a file.")]
    Failed,
}
