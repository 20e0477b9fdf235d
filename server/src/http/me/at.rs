//! The link in a message: free times of one session; one tap books, and nobody is signed in by it.

use super::{document, failed};
use crate::{
    http::Edge,
    own_pages::one_booking::{self, Seen, Tapped},
};
use app::me::{AtBookedPage, AtGonePage, AtPage, AtSays, BookProblem};
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use domain::time::{Day, Moment};
use leptos::prelude::{IntoAny, view};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct From {
    #[serde(default)]
    from: String,
}

/// Shows, and changes nothing: whoever looks into messages follows links, too.
pub async fn look(State(edge): State<Edge>, Path(token): Path<String>, Query(from): Query<From>) -> Response {
    draw(&edge, token, from.from.parse().ok(), None).await
}

async fn draw(edge: &Edge, token: String, from: Option<Day>, problem: Option<BookProblem>) -> Response {
    match one_booking::look(&edge.clinics, &token, from).await {
        Ok(Seen::Times(offers)) => {
            let status = if problem.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
            document::page(edge, status, "Find a time", || view! { <AtPage offers token problem /> }.into_any())
        }
        Ok(seen) => dead(edge, &seen),
        Err(error) => failed(edge, &error),
    }
}

fn dead(edge: &Edge, seen: &Seen) -> Response {
    let says = if matches!(seen, Seen::Booked) { AtSays::Booked } else { AtSays::Gone };
    document::page(edge, StatusCode::GONE, "Find a time", || view! { <AtGonePage says /> }.into_any())
}

/// Only when it begins: everything else about a booking is the clinic's to say.
#[derive(Deserialize)]
pub struct Wanted {
    /// In milliseconds since 1970.
    starts: i64,
}

pub async fn book(State(edge): State<Edge>, Path(token): Path<String>, Form(wanted): Form<Wanted>) -> Response {
    let problem = match one_booking::book(&edge.clinics, &token, Moment::from_millis(wanted.starts)).await {
        Ok(Tapped::Booked { clinic, when, with }) => {
            return document::page(&edge, StatusCode::OK, "Booked", || view! { <AtBookedPage clinic when with /> }.into_any());
        }
        Ok(Tapped::Dead(seen)) => return dead(&edge, &seen),
        Ok(Tapped::Taken) => BookProblem::Taken,
        Ok(Tapped::NotPossible) => BookProblem::NotPossible,
        Err(error) => return failed(&edge, &error),
    };
    draw(&edge, token, None, Some(problem)).await
}
