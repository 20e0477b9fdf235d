//! Why a change cannot be. The words are for the person who made it.

use crate::{
    amount::{Amount, Unit},
    consent::PhotoScope,
    ids::StaffId,
    time::Moment,
};
use serde::{Deserialize, Serialize};

/// The chart says no. What was typed is set aside beside the chart, for a person to decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Rejection {
    #[error("This session is not part of this chart.")]
    UnknownSession,
    #[error("This session was signed already. A signed session never changes; addenda can be added.")]
    AlreadySigned { by: StaffId, at: Moment },
    #[error("Session {number} of its series was delivered in another visit already.")]
    AlreadyDelivered { number: u16 },
    #[error("This session is not signed yet.")]
    NotSigned,
    #[error("Nothing was treated that counts for this session.")]
    NothingTreated,
    #[error("The device or handpiece is not in the clinic's catalogue.")]
    UnknownDevice,
    #[error("The template is not in the clinic's catalogue.")]
    UnknownTemplate,
    #[error("{treatment}: no area was chosen.")]
    NoArea { treatment: String },
    #[error("{area} is not an area that can be treated, or was chosen twice.")]
    UnknownArea { area: String },
    #[error("{field} was carried over and nobody has confirmed it.")]
    Unconfirmed { field: String },
    #[error("{field} is missing.")]
    Missing { field: String },
    #[error("{field} holds something that does not fit.")]
    Unfit { field: String },
    #[error("{field}: {} is beyond the hard limit of {}.", unit.with(*amount), unit.with(*limit))]
    BeyondLimit { field: String, unit: Unit, amount: Amount, limit: Amount },
    #[error("Too much: {what}.")]
    TooMuch { what: String },
    #[error("There is no text.")]
    Empty,
    #[error("Somebody changed this meanwhile.")]
    Stale,
    #[error("The same thing exists already, with other content.")]
    Exists,
    #[error("What this refers to is not there.")]
    NotThere,
    #[error("Somebody decided this already.")]
    AlreadyDecided,
    #[error("Your role does not allow this.")]
    NotAllowed,
    #[error("This time is taken: the provider has another booking then.")]
    Taken,
    #[error("This time is taken: the room has another booking then.")]
    RoomTaken,
    #[error("This time is taken: the device is kept for another booking then.")]
    DeviceTaken,
    #[error("The room is not one of the clinic’s rooms.")]
    UnknownRoom,
    #[error("Only today’s bookings can be checked in.")]
    NotToday,
    #[error("{concern} Booking it nevertheless needs a reason.")]
    TooSoon { concern: String },
    #[error("The client has another booking at that time.")]
    ClientBusy,
    #[error("This session is booked already.")]
    AlreadyBooked,
    #[error("This time has passed.")]
    Past,
    #[error("The clinic is closed at that time, or the provider does not work then.")]
    Closed,
    #[error("Nobody who treats goes by that name any more.")]
    UnknownProvider,
    #[error("This package is not sold any more.")]
    UnknownPackage,
    #[error("This series is not part of this chart.")]
    UnknownPlan,
    #[error("{name} was ended; its sessions are no longer delivered.")]
    PlanEnded { name: String },
    #[error("The consent “{form}” is not signed for this series. No session can be signed before it is.")]
    ConsentMissing { form: String },
    #[error("This form is not one that can be signed here.")]
    UnknownForm,
    #[error("There is no signature.")]
    NoInk,
    #[error("This view is not one of those the clinic photographs.")]
    UnknownView,
    #[error("The client has not agreed to this use of photographs: {}.", scope.label())]
    NoPhotoConsent { scope: PhotoScope },
}
