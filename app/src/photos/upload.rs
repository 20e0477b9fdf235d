//! Sends one picture to the clinic, piece by piece, from wherever it was left.

use crate::{
    api::{
        ApiError,
        photos::{PIECE_BYTES, Upload},
    },
    ports::{PhotoServer, PhotoStore, Size, StoreError, Trouble, WaitingPhoto},
};

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    AtClinic,
    /// The clinic does not know the photograph yet: its record is still on its way.
    NotYet,
    /// Only a person can help.
    Trouble(Trouble),
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UploadError {
    #[error("{0}")]
    Api(#[from] ApiError),
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// A piece or a whole picture that arrives damaged is sent again so often; then it waits for better times.
const MOST_REPEATS: u32 = 5;

/// Returns once the clinic has the picture durably, or says why not. It may be cut off anywhere: the next call goes on.
/// `sha256` is what the record names; `told` hears how many bytes the clinic has.
pub async fn send(
    waiting: &WaitingPhoto,
    sha256: &str,
    store: &dyn PhotoStore,
    server: &dyn PhotoServer,
    told: impl Fn(u32),
) -> Result<Sent, UploadError> {
    let photo = waiting.photo;
    let Some(picture) = store.picture(photo, Size::Whole).await? else { return trouble(store, waiting, Trouble::Damaged).await };
    let mut state = server.upload(photo).await?;
    for repeats in 0.. {
        let Some(known) = state else { return Ok(Sent::NotYet) };
        let offset = match known {
            Upload::Done => {
                store.sent(photo).await?;
                return Ok(Sent::AtClinic);
            }
            Upload::NotAPicture => return trouble(store, waiting, Trouble::NotAPicture).await,
            // Either it was damaged on the way, or it lies damaged here; then no repeat helps.
            Upload::OtherPicture if store.hash(photo).await?.as_deref() != Some(sha256) => {
                return trouble(store, waiting, Trouble::Damaged).await;
            }
            Upload::OtherPicture => 0,
            Upload::Received(offset) | Upload::DamagedPiece(offset) => offset,
        };
        told(offset);
        if repeats > MOST_REPEATS {
            return Err(ApiError::Unreachable.into());
        }
        state = send_from(offset, &picture, waiting, server, &told).await?;
    }
    unreachable!("the loop ends by returning")
}

/// Sends piece after piece for as long as each is taken in.
async fn send_from(
    mut offset: u32,
    picture: &[u8],
    waiting: &WaitingPhoto,
    server: &dyn PhotoServer,
    told: &impl Fn(u32),
) -> Result<Option<Upload>, ApiError> {
    loop {
        let rest = picture.get(offset as usize..).unwrap_or_default();
        let piece = &rest[..rest.len().min(PIECE_BYTES as usize)];
        match server.send(waiting.photo, offset, piece).await? {
            // An answer that does not go on would go round for ever.
            Some(Upload::Received(next)) if next > offset => {
                offset = next;
                told(offset);
            }
            other => return Ok(other),
        }
    }
}

async fn trouble(store: &dyn PhotoStore, waiting: &WaitingPhoto, trouble: Trouble) -> Result<Sent, UploadError> {
    if waiting.trouble != Some(trouble) {
        store.note_trouble(waiting.photo, trouble).await?;
    }
    Ok(Sent::Trouble(trouble))
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use domain::ids::{ClientId, PhotoId};
    use futures::executor::block_on;
    use std::cell::{Cell, RefCell};
    use uuid::Uuid;

    const HASH: &str = "as taken";

    /// A disk with one picture on it.
    struct Disk {
        picture: Vec<u8>,
        sent: Cell<bool>,
        trouble: Cell<Option<Trouble>>,
        /// What a look at the disk says of the picture.
        hash: &'static str,
    }

    #[async_trait(?Send)]
    impl PhotoStore for Disk {
        async fn waiting(&self) -> Result<Vec<WaitingPhoto>, StoreError> {
            Ok(vec![])
        }
        async fn picture(&self, _: PhotoId, _: Size) -> Result<Option<Vec<u8>>, StoreError> {
            Ok(Some(self.picture.clone()))
        }
        async fn hash(&self, _: PhotoId) -> Result<Option<String>, StoreError> {
            Ok(Some(self.hash.to_owned()))
        }
        async fn address(&self, _: PhotoId, _: Size) -> Result<Option<String>, StoreError> {
            Ok(None)
        }
        async fn sent(&self, _: PhotoId) -> Result<(), StoreError> {
            self.sent.set(true);
            Ok(())
        }
        async fn note_trouble(&self, _: PhotoId, trouble: Trouble) -> Result<(), StoreError> {
            self.trouble.set(Some(trouble));
            Ok(())
        }
        async fn let_go(&self, _: PhotoId) -> Result<(), StoreError> {
            Ok(())
        }
        async fn keep(&self, _: PhotoId, _: Size, _: Vec<u8>) -> Result<(), StoreError> {
            Ok(())
        }
        async fn whole_copies(&self) -> Result<Vec<PhotoId>, StoreError> {
            Ok(vec![])
        }
        async fn drop_copies(&self, _: &[PhotoId]) -> Result<(), StoreError> {
            Ok(())
        }
        async fn drop_all_copies(&self) -> Result<(), StoreError> {
            Ok(())
        }
    }

    #[derive(Clone, Copy, PartialEq)]
    enum Fault {
        None,
        /// The request never arrives.
        Lost,
        /// It is taken in, and the answer is lost.
        AnswerLost,
        /// A byte is turned on the way, and noticed.
        Noticed,
        /// A byte is turned and nobody notices before the end.
        Unnoticed,
    }

    /// A clinic that keeps the rules of the real one.
    struct Clinic {
        kept: RefCell<Vec<u8>>,
        whole: Vec<u8>,
        readable: bool,
        known: bool,
        /// For each request, in order; none after the last.
        faults: RefCell<Vec<Fault>>,
    }

    impl Clinic {
        fn fault(&self) -> Fault {
            self.faults.borrow_mut().pop().unwrap_or(Fault::None)
        }

        fn state(&self) -> Upload {
            let mut kept = self.kept.borrow_mut();
            if kept.len() < self.whole.len() {
                return Upload::Received(u32::try_from(kept.len()).unwrap());
            }
            if *kept != self.whole {
                kept.clear();
                return Upload::OtherPicture;
            }
            if self.readable { Upload::Done } else { Upload::NotAPicture }
        }
    }

    #[async_trait(?Send)]
    impl PhotoServer for Clinic {
        async fn upload(&self, _: PhotoId) -> Result<Option<Upload>, ApiError> {
            if self.fault() != Fault::None {
                return Err(ApiError::Unreachable);
            }
            Ok(self.known.then(|| self.state()))
        }

        async fn send(&self, _: PhotoId, offset: u32, piece: &[u8]) -> Result<Option<Upload>, ApiError> {
            let fault = self.fault();
            let here = u32::try_from(self.kept.borrow().len()).unwrap();
            match fault {
                Fault::Lost => return Err(ApiError::Unreachable),
                Fault::Noticed => return Ok(Some(Upload::DamagedPiece(here))),
                _ if offset != here => return Ok(Some(self.state())),
                _ => self.kept.borrow_mut().extend_from_slice(piece),
            }
            if fault == Fault::Unnoticed
                && let Some(last) = self.kept.borrow_mut().last_mut()
            {
                *last ^= 1;
            }
            if fault == Fault::AnswerLost { Err(ApiError::Unreachable) } else { Ok(Some(self.state())) }
        }

        async fn picture(&self, _: PhotoId, _: Size) -> Result<Option<Vec<u8>>, ApiError> {
            Ok(None)
        }
    }

    fn setup(pieces: usize, faults: Vec<Fault>) -> (Disk, Clinic, WaitingPhoto) {
        let length = pieces * PIECE_BYTES as usize - 1000;
        let picture: Vec<u8> = (0..length).map(|n| u8::try_from(n % 251).unwrap()).collect();
        let clinic = Clinic { kept: RefCell::default(), whole: picture.clone(), readable: true, known: true, faults: RefCell::new(faults) };
        let bytes = u32::try_from(length).unwrap();
        let waiting = WaitingPhoto { photo: PhotoId(Uuid::from_u128(1)), client: ClientId(Uuid::from_u128(2)), bytes, trouble: None };
        (Disk { picture, sent: Cell::new(false), trouble: Cell::new(None), hash: HASH }, clinic, waiting)
    }

    fn go(disk: &Disk, clinic: &Clinic, waiting: &WaitingPhoto) -> Result<Sent, UploadError> {
        block_on(send(waiting, HASH, disk, clinic, |_| ()))
    }

    #[test]
    fn whatever_happens_on_the_way_it_arrives_as_it_was_taken_or_stays() {
        use Fault::{AnswerLost, Lost, None, Noticed, Unnoticed};
        // Each fault at each of the first requests; then everything goes through.
        for fault in [Lost, AnswerLost, Noticed, Unnoticed] {
            for at in 0..5 {
                let mut faults = vec![None; at];
                faults.insert(0, fault);
                let (disk, clinic, waiting) = setup(3, faults);
                let mut tries = 0;
                while go(&disk, &clinic, &waiting) != Ok(Sent::AtClinic) {
                    assert!(!disk.sent.get(), "it is let go before the clinic has it");
                    tries += 1;
                    assert!(tries < 5, "it never arrives");
                }
                assert!(disk.sent.get());
                assert_eq!(*clinic.kept.borrow(), disk.picture);
            }
        }
    }

    #[test]
    fn what_lies_damaged_here_is_told_and_kept() {
        let (mut disk, clinic, waiting) = setup(2, vec![]);
        disk.picture[5] ^= 1;
        disk.hash = "something else";
        assert_eq!(go(&disk, &clinic, &waiting), Ok(Sent::Trouble(Trouble::Damaged)));
        assert_eq!((disk.trouble.get(), disk.sent.get()), (Some(Trouble::Damaged), false));
    }

    #[test]
    fn what_the_clinic_cannot_read_is_told_and_kept() {
        let (disk, mut clinic, waiting) = setup(1, vec![]);
        clinic.readable = false;
        assert_eq!(go(&disk, &clinic, &waiting), Ok(Sent::Trouble(Trouble::NotAPicture)));
        assert!(!disk.sent.get());
    }

    #[test]
    fn it_waits_for_its_record() {
        let (disk, mut clinic, waiting) = setup(1, vec![]);
        clinic.known = false;
        assert_eq!(go(&disk, &clinic, &waiting), Ok(Sent::NotYet));
    }

    #[test]
    fn a_wire_that_damages_everything_is_given_up_for_now() {
        let (disk, clinic, waiting) = setup(1, vec![Fault::Noticed; 40].into_iter().chain([Fault::None]).collect());
        assert_eq!(go(&disk, &clinic, &waiting), Err(UploadError::Api(ApiError::Unreachable)));
        assert!(!disk.sent.get() && disk.trouble.get().is_none());
    }
}
