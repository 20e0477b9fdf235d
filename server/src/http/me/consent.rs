//! A form to sign.

use super::{document, failed, go_home};
use crate::{
    http::Edge,
    own_pages::{
        SignedInClient,
        signing::{self, Outcome, Signed},
    },
};
use app::me::{ConsentPage, SaidAtHome, SignProblem, ToSign};
use axum::{
    Extension, Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::ids::{ConsentFormId, PlanId};
use leptos::prelude::{IntoAny, view};
use serde::Deserialize;
use uuid::Uuid;

pub async fn show(State(edge): State<Edge>, Extension(who): Extension<SignedInClient>, Path((plan, form)): Path<(Uuid, Uuid)>) -> Response {
    match signing::sheet(&edge.clinics, who, PlanId(plan), ConsentFormId(form)).await {
        Ok(Some(sheet)) => draw(&edge, StatusCode::OK, sheet, None),
        Ok(None) => document::not_there(&edge),
        Err(error) => failed(&edge, &error),
    }
}

fn draw(edge: &Edge, status: StatusCode, sheet: ToSign, problem: Option<SignProblem>) -> Response {
    document::page(edge, status, "To sign", || view! { <ConsentPage sheet problem /> }.into_any())
}

#[derive(Deserialize)]
pub struct Sent {
    version: u32,
    #[serde(default)]
    name: String,
    #[serde(default)]
    ink: String,
}

pub async fn sign(
    State(edge): State<Edge>,
    Extension(who): Extension<SignedInClient>,
    Path((plan, form)): Path<(Uuid, Uuid)>,
    Form(sent): Form<Sent>,
) -> Response {
    let signed = Signed { version: sent.version, name: &sent.name, ink: &sent.ink };
    match signing::sign(&edge.clinics, who, PlanId(plan), ConsentFormId(form), signed).await {
        Ok(Outcome::Done) => go_home(SaidAtHome::Signed),
        Ok(Outcome::NotThere) => document::not_there(&edge),
        Ok(Outcome::Problem(sheet, problem)) => draw(&edge, StatusCode::UNPROCESSABLE_ENTITY, sheet, Some(problem)),
        Err(error) => failed(&edge, &error),
    }
}
