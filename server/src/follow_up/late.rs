//! Catching up, not blasting: a server that comes back after an outage finds much due at once, and whoever wrote to every client within a
//! minute would have every client answer within the next. What asks for something and is late goes at a pace; what is on time, however
//! much of it is due at one instant, and what belongs to a treatment goes at once.

use crate::store::{
    Result, Tx,
    follow_up::touch::{self, TouchRow},
};
use domain::{ids::ClinicId, time::Moment};

/// So much later than it was due, something is late. What is on time has gone within seconds: an hour's quarter is an outage, or a carrier
/// that did not answer. Own judgement.
const LATE_MINUTES: i64 = 15;

/// Messages that are late, for each clinic. One a second: telephones at the desk can follow, and 3,600 an hour catch up with any outage
/// before most of it expires. Own judgement.
pub const A_MINUTE: i64 = 60;

const MINUTE: i64 = 60_000;

/// How much of what is late still goes now. Counted in the database, so that it holds for all servers together, and whoever starts anew.
pub struct Pace {
    late_before: Moment,
    now: Moment,
    /// `None`: nothing of this batch is late, and nobody has counted.
    left: Option<i64>,
    /// That wait already.
    waiting: i64,
}

impl Pace {
    /// For a batch that was just taken. Where something of it is late, other servers wait until this one has committed.
    pub async fn of(tx: &mut Tx, clinic: ClinicId, batch: &[TouchRow], now: Moment) -> Result<Self> {
        let late_before = Moment::from_millis(now.millis() - LATE_MINUTES * MINUTE);
        let mut pace = Self { late_before, now, left: None, waiting: 0 };
        if batch.iter().any(|row| pace.is_late(row)) {
            let minute_ago = Moment::from_millis(now.millis() - MINUTE);
            let gone = touch::late_begun(tx, clinic, minute_ago, LATE_MINUTES).await?;
            pace.left = Some((A_MINUTE - gone).max(0));
        }
        Ok(pace)
    }

    fn is_late(&self, row: &TouchRow) -> bool {
        row.kind.is_promotional() && row.kind.is_message() && row.due_at.0 < self.late_before
    }

    /// Until when a touch that could go now has to wait; `None`: it goes.
    pub async fn hold(&mut self, tx: &mut Tx, row: &TouchRow) -> Result<Option<Moment>> {
        let Some(left) = self.left.filter(|_| self.is_late(row)) else { return Ok(None) };
        if left > 0 {
            self.left = Some(left - 1);
            return Ok(None);
        }
        if self.waiting == 0 {
            self.waiting = touch::late_waiting(tx, row.clinic_id, self.now, self.late_before).await?;
        }
        // Each in its minute, so that those who wait are not looked at again and again.
        let minutes = self.waiting / A_MINUTE + 1;
        self.waiting += 1;
        Ok(Some(Moment::from_millis(self.now.millis() + minutes * MINUTE)))
    }
}
