//! Free times; one tap books; and cancelling in time.

use super::{document, failed, go_home};
use crate::{
    http::Edge,
    own_pages::{
        SignedInClient,
        booking::{self, Tapped},
    },
};
use app::me::{BookPage, BookProblem, SaidAtHome};
use axum::{
    Extension, Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    ids::{AppointmentId, SessionId},
    time::{Day, Moment},
};
use leptos::prelude::{IntoAny, view};
use serde::Deserialize;
use uuid::Uuid;

#[derive(Deserialize)]
pub struct From {
    #[serde(default)]
    from: String,
}

pub async fn times(
    State(edge): State<Edge>,
    Extension(who): Extension<SignedInClient>,
    Path(session): Path<Uuid>,
    Query(from): Query<From>,
) -> Response {
    draw(&edge, who, SessionId(session), from.from.parse().ok(), None).await
}

async fn draw(edge: &Edge, who: SignedInClient, session: SessionId, from: Option<Day>, problem: Option<BookProblem>) -> Response {
    match booking::free(&edge.clinics, who, session, from).await {
        Ok(Some(offers)) => {
            let status = if problem.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
            document::page(edge, status, "Find a time", || view! { <BookPage offers problem /> }.into_any())
        }
        Ok(None) => document::not_there(edge),
        Err(error) => failed(edge, &error),
    }
}

/// Only when it begins: everything else about a booking is the clinic's to say.
#[derive(Deserialize)]
pub struct Wanted {
    /// In milliseconds since 1970.
    starts: i64,
}

pub async fn book(
    State(edge): State<Edge>,
    Extension(who): Extension<SignedInClient>,
    Path(session): Path<Uuid>,
    Form(wanted): Form<Wanted>,
) -> Response {
    let session = SessionId(session);
    let problem = match booking::book(&edge.clinics, who, session, Moment::from_millis(wanted.starts)).await {
        Ok(Tapped::Done) => return go_home(SaidAtHome::Booked),
        Ok(Tapped::NotThere | Tapped::TooLate) => return document::not_there(&edge),
        Ok(Tapped::Taken) => BookProblem::Taken,
        Ok(Tapped::Rejected(_)) => BookProblem::NotPossible,
        Err(error) => return failed(&edge, &error),
    };
    draw(&edge, who, session, None, Some(problem)).await
}

pub async fn cancel(State(edge): State<Edge>, Extension(who): Extension<SignedInClient>, Path(appointment): Path<Uuid>) -> Response {
    match booking::cancel(&edge.clinics, who, AppointmentId(appointment)).await {
        Ok(Tapped::Done) => go_home(SaidAtHome::Cancelled),
        Ok(Tapped::TooLate | Tapped::Rejected(_)) => go_home(SaidAtHome::TooLateToCancel),
        Ok(Tapped::NotThere | Tapped::Taken) => document::not_there(&edge),
        Err(error) => failed(&edge, &error),
    }
}
