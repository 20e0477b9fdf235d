//! What the clinic's server does by itself between the sessions of a series, as the staff sees it.

use super::messages::Channel;
use domain::{
    follow_up::{
        call_list::{Action, Step},
        kind::Kind,
        touch_state::{State, Why},
    },
    ids::{ClientId, PlanId, SessionId},
    time::{Day, Moment},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One touch of a plan, with all that became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUpTouch {
    pub plan: PlanId,
    /// After which, or for which, it is meant.
    pub session: SessionId,
    pub kind: Kind,
    pub due: Moment,
    pub state: State,
    pub since: Moment,
    pub why: Option<Why>,
    /// Of one that is planned and was due: until when it waits, for her morning, for rest after the last message, or for its turn.
    #[serde(default)]
    pub waits: Option<Moment>,
    /// The same once more, by the other channel: the first one bounced.
    pub again: bool,
    /// Oldest first.
    pub steps: Vec<FollowUpStep>,
    /// Oldest first.
    pub tries: Vec<FollowUpTry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUpStep {
    pub state: State,
    pub at: Moment,
    pub why: Option<Why>,
}

/// One time it was handed to a carrier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUpTry {
    pub channel: Channel,
    pub at: Moment,
    /// What the carrier said, in its own words.
    pub answer: Option<String>,
    /// What was written, without the token of a link.
    pub text: Option<String>,
}

/// A stalled series that waits for a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnCallList {
    pub id: Uuid,
    pub client: ClientId,
    /// The session nobody came to.
    pub session: SessionId,
    /// Since when it is stalled.
    pub since: Day,
    /// What is not delivered, in minor units.
    pub stranded_minor: i64,
    /// `None`: now.
    pub later: Option<Day>,
    /// Oldest first.
    pub log: Vec<Step>,
}

/// What somebody did about an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallLogged {
    pub id: Uuid,
    pub what: Action,
    pub note: String,
}
