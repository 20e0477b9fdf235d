//! Identities. Every id is a UUIDv7 made on the device that first wrote the thing down, so that
//! a chart written without a network needs no number from the server.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// Makes a UUIDv7 from the time and ten random bytes, both handed in by the caller.
pub fn uuid_v7(unix_millis: u64, random: [u8; 10]) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(unix_millis, &random).into_uuid()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

impl StaffId {
    /// Stands as the author of what a client does herself, on her own pages. Nobody of the staff ever has it: it is no UUIDv7.
    pub const CLIENT: Self = Self(Uuid::max());
}

ids! {
    /// One clinic; nothing is ever shared between two.
    ClinicId;
    /// A person who works at the clinic.
    StaffId;
    /// The person who is treated.
    ClientId;
    /// A package of the catalogue, as it is sold.
    PackageId;
    /// One thing a session of a package consists of.
    ProcedureId;
    /// A sold package: the series.
    PlanId;
    /// Something that became of a plan.
    PlanEventId;
    /// One visit of a plan.
    SessionId;
    /// A device of the clinic (a laser, not an iPad).
    DeviceId;
    /// A handpiece of a device.
    HandpieceId;
    /// A template, over all its versions.
    TemplateId;
    /// A booked time.
    AppointmentId;
    /// A room of the clinic.
    RoomId;
    /// A consent form, over all its versions.
    ConsentFormId;
    /// A later remark on a signed session.
    AddendumId;
    /// A photograph.
    PhotoId;
    /// A remark that points at a place in a photograph.
    MarkId;
    /// A picture made for people outside the clinic.
    ShareId;
    /// A set of views the clinic photographs.
    ViewSetId;
    /// One view of a set.
    ViewId;
    /// What a client told of how she fares.
    ReportId;
    /// A remark pinned to a client and a device.
    DeviceNoteId;
    /// One change, from the moment somebody made it until it is in Postgres.
    CommandId;
    /// One look at a chart, told to the clinic once.
    LookId;
    /// One browser profile that keeps a mirror and an outbox: an iPad, a desk computer.
    InstallationId;
    /// Changes when a backup is restored; devices then read everything anew.
    EpochId;
}
