//! Holds every row against its hash, every clinic's chain against its head, and the head against the anchor in the photo store.

use super::{
    AuditKey,
    anchor::{self, Anchor, AnchorError, Kept},
    chain::{NOTHING, Row},
};
use crate::{
    clinic::Clinics,
    store::{self, Tx, audit::Head},
};
use domain::ids::ClinicId;
use std::{collections::BTreeSet, fmt};

const PAGE: i64 = 1_000;

/// So far to both sides it is tried whether a row that does not fit was written under another number.
const NEAR: i64 = 10_000;

/// What a clinic's chain is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub clinic: ClinicId,
    /// So many rows are as they were written, from the first one without a gap.
    pub good: u64,
    /// The first thing that is wrong, if anything is.
    pub fault: Option<(i64, Fault)>,
}

/// What is wrong at a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not what the server wrote.
    Changed,
    /// There is none.
    Missing,
    /// The server did not write it, and what it wrote comes after it.
    Inserted,
    /// It was written under another number, or after another row.
    OutOfOrder { written_as: Option<i64> },
    /// From here to that number rows are gone.
    CutOff { to: i64 },
    /// Rows end there, the chain's head says otherwise.
    Head,
    /// What the photo store says of this row is something else.
    Anchor,
    /// The photo store says nothing of this chain.
    NoAnchor,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed => f.write_str("changed: this row is not what the server wrote"),
            Self::Missing => f.write_str("missing: this row was taken out"),
            Self::Inserted => f.write_str("inserted: the server did not write this row"),
            Self::OutOfOrder { written_as: Some(number) } => write!(f, "out of order: this row was written as number {number}"),
            Self::OutOfOrder { written_as: None } => f.write_str("out of order: this row was written after another one"),
            Self::CutOff { to } => {
                write!(f, "cut off: the rows from here to number {to} are gone: taken away, or an older backup was put back")
            }
            Self::Head => f.write_str("the head of the chain disagrees: it was put back or changed"),
            Self::Anchor => f.write_str("the anchor in the photo store disagrees: this row is not the one that stood here"),
            Self::NoAnchor => f.write_str(
                "the anchor in the photo store is missing, so nobody can say whether rows after this one were cut off. (A server writes it \
                 within seconds after the first row; if this one was stopped before, start it once.)",
            ),
        }
    }
}

/// Every clinic that has a chain, here or in the photo store. `progress` is told clinic, rows looked at, and rows there should be.
pub async fn every_clinic(clinics: &Clinics, progress: &(dyn Fn(ClinicId, u64, u64) + Sync)) -> Result<Vec<Verdict>, AnchorError> {
    let mut all: BTreeSet<_> = clinics.photos.anchored().await?.into_iter().collect();
    all.extend(store::audit::heads(&clinics.pool).await?.into_iter().map(|head| head.clinic));
    let mut verdicts = Vec::with_capacity(all.len());
    for clinic in all {
        verdicts.push(one(clinics, clinic, progress).await?);
    }
    Ok(verdicts)
}

/// One clinic. Servers may go on writing meanwhile.
pub async fn one(clinics: &Clinics, clinic: ClinicId, progress: &(dyn Fn(ClinicId, u64, u64) + Sync)) -> Result<Verdict, AnchorError> {
    // Before the rows: whatever it names has to be among them.
    let kept = anchor::kept(&clinics.photos, &clinics.audit.key, clinic).await?;
    let mut tx = clinics.pool.begin().await.map_err(store::StoreError::from)?;
    sqlx::query!("set transaction isolation level repeatable read, read only").execute(&mut *tx).await.map_err(store::StoreError::from)?;
    store::enter(&mut tx, clinic).await?;
    let head = store::audit::head(&mut tx, clinic).await?;
    let mut walk = Walk {
        key: &clinics.audit.key,
        head: head.unwrap_or(Head { clinic, number: 0, hash: NOTHING.to_vec() }),
        last: 0,
        hash: NOTHING.to_vec(),
        anchor: if let Kept::Anchor(anchor) = &kept { Some(anchor.clone()) } else { None },
        anchor_fits: false,
    };
    let fault = match walk.rows(&mut tx, progress).await? {
        None => walk.end(&mut tx, &kept).await?,
        fault => fault,
    };
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(Verdict { clinic, good: walk.last.unsigned_abs(), fault })
}

struct Walk<'a> {
    key: &'a AuditKey,
    head: Head,
    /// The last row that is good.
    last: i64,
    hash: Vec<u8>,
    anchor: Option<Anchor>,
    /// The row of the anchor was met, and is the one.
    anchor_fits: bool,
}

impl Walk<'_> {
    async fn rows(
        &mut self,
        tx: &mut Tx,
        progress: &(dyn Fn(ClinicId, u64, u64) + Sync),
    ) -> Result<Option<(i64, Fault)>, store::StoreError> {
        // Whatever number somebody gave theirs.
        let mut after = i64::MIN;
        loop {
            let page = store::audit::page(tx, self.head.clinic, after, PAGE).await?;
            let Some(end) = page.last() else { return Ok(None) };
            after = end.number;
            for (i, row) in page.iter().enumerate() {
                if let Some(fault) = self.step(row) {
                    let next = match page.get(i + 1) {
                        Some(next) => Some(next.clone()),
                        None => store::audit::page(tx, self.head.clinic, row.number, 1).await?.pop(),
                    };
                    return Ok(Some(self.explained(fault, row, next)));
                }
            }
            progress(self.head.clinic, self.last.unsigned_abs(), self.head.number.max(self.last).unsigned_abs());
        }
    }

    fn is_right(&self, row: &Row) -> bool {
        row.previous == self.hash && row.hash == self.key.hash(row)
    }

    /// One row on, or what is wrong with it.
    fn step(&mut self, row: &Row) -> Option<(i64, Fault)> {
        let expected = self.last + 1;
        if row.number > expected {
            return Some((expected, Fault::Missing));
        }
        if row.number < expected {
            return Some((row.number, Fault::Inserted));
        }
        if !self.is_right(row) {
            return Some((row.number, Fault::Changed));
        }
        (self.last, self.hash) = (row.number, row.hash.clone());
        self.anchor_fits |= self.anchor.as_ref().is_some_and(|anchor| anchor.number == row.number && anchor.hash == row.hash);
        None
    }

    /// What exactly happened to a row that does not fit.
    fn explained(&self, (number, fault): (i64, Fault), row: &Row, next: Option<Row>) -> (i64, Fault) {
        if fault != Fault::Changed {
            return (number, fault);
        }
        if row.hash == self.key.hash(row) {
            return (number, Fault::OutOfOrder { written_as: None });
        }
        let moved_to = |row: &Row, number| Row { number, ..row.clone() };
        let near = (number - NEAR).max(1)..=number.saturating_add(NEAR);
        let written_as = near.filter(|other| *other != number).find(|other| row.hash == self.key.hash(&moved_to(row, *other)));
        if written_as.is_some() {
            return (number, Fault::OutOfOrder { written_as });
        }
        let pushed_on = next.is_some_and(|next| self.is_right(&moved_to(&next, number)));
        let inserted = pushed_on || number > self.head.number;
        (number, if inserted { Fault::Inserted } else { Fault::Changed })
    }

    /// All rows there are fit together: whether they are all there were.
    async fn end(&self, tx: &mut Tx, kept: &Kept) -> Result<Option<(i64, Fault)>, store::StoreError> {
        let next = self.last + 1;
        if self.head.number > self.last {
            return Ok(Some((next, Fault::CutOff { to: self.head.number })));
        }
        let anchored = match kept {
            Kept::Nothing if self.last > 0 => Some((self.last, Fault::NoAnchor)),
            Kept::Nothing => None,
            Kept::Anchor(anchor) if anchor.number > self.last => Some((next, Fault::CutOff { to: anchor.number })),
            Kept::Anchor(_) if self.anchor_fits => None,
            Kept::Anchor(Anchor { number, .. }) => Some((*number, Fault::Anchor)),
            Kept::Forged(number) => Some((i64::try_from(*number).unwrap_or(i64::MAX), Fault::Anchor)),
        };
        if anchored.is_some() {
            return Ok(anchored);
        }
        if (self.head.number, &self.head.hash) != (self.last, &self.hash) {
            return Ok(Some((self.head.number, Fault::Head)));
        }
        // A number that stands there twice, at the end of a page.
        let count = store::audit::count(tx, self.head.clinic).await?;
        Ok((count != self.last).then_some((self.last, Fault::Inserted)))
    }
}
