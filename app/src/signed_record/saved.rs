//! Whether something signed or added is at the clinic, or only on this device so far.

use crate::sync::Replica;
use domain::{
    command::{Change, Command, Decision},
    ids::{AddendumId, SessionId},
    session::Signed,
};

fn waits(replica: &Replica, is_it: impl Fn(&Command) -> bool) -> bool {
    replica.unsent().any(|pending| pending.command.as_ref().is_some_and(&is_it))
}

/// This very signature is not at the clinic yet. A second one of the same session, which will be set
/// aside, is not taken for it.
pub fn signing_waits(replica: &Replica, id: SessionId, signed: &Signed) -> bool {
    waits(replica, |command| {
        let same = command.by == signed.by && command.at == signed.at;
        same && matches!(command.change, Change::SignSession { session, .. } if session == id)
    })
}

/// This addendum is not at the clinic yet.
pub fn addendum_waits(replica: &Replica, id: AddendumId) -> bool {
    waits(replica, |command| match &command.change {
        Change::AddAddendum { addendum, .. } => *addendum == id,
        Change::Decide { decision: Decision::Keep { addendum }, .. } => *addendum == id,
        _ => false,
    })
}

/// The follow-up of this session is not at the clinic yet.
pub fn follow_up_waits(replica: &Replica, id: SessionId) -> bool {
    waits(replica, |command| matches!(command.change, Change::CloseFollowUp { session, .. } if session == id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ports::Queued, signed_record::sample, sync::Pending};
    use domain::{command::COMMAND_VERSION, ids::*, record::Record, sync::Outcome};
    use uuid::Uuid;

    #[test]
    fn only_the_signature_under_way_waits() {
        let at = sample::moment("2026-11-21T09:41:00Z");
        let command = Command {
            v: COMMAND_VERSION,
            id: CommandId(Uuid::from_u128(1)),
            clinic: ClinicId(Uuid::from_u128(9)),
            installation: InstallationId(Uuid::from_u128(8)),
            client: sample::CLIENT,
            by: sample::PROVIDER,
            at,
            change: Change::SignSession { session: sample::session(1), record: Record::default(), rest: None },
        };
        let mut replica = Replica::default();
        let text = serde_json::to_string(&command).expect("plain data");
        replica.add_pending(Pending::new(Queued { number: 1, text, answer: None }));
        let mine = Signed { by: sample::PROVIDER, at, record: Record::default() };
        let theirs = Signed { by: sample::OTHER, ..mine.clone() };
        assert!(signing_waits(&replica, sample::session(1), &mine));
        assert!(!signing_waits(&replica, sample::session(1), &theirs));
        assert!(!signing_waits(&replica, sample::session(2), &mine));
        replica.answer(1, Outcome::Applied { version: 1 });
        assert!(!signing_waits(&replica, sample::session(1), &mine));
    }
}
