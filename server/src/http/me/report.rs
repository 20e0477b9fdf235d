//! The form in which a client tells how she fares.

use super::{document, failed, go_home};
use crate::{
    http::Edge,
    own_pages::{SignedInClient, report::report},
};
use app::me::SaidAtHome;
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use domain::ids::SessionId;
use serde::Deserialize;

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum How {
    Well,
    Worried,
}

#[derive(Deserialize)]
pub struct Told {
    how: How,
    #[serde(default)]
    text: String,
}

pub async fn tell(
    State(edge): State<Edge>,
    Extension(who): Extension<SignedInClient>,
    Path(session): Path<SessionId>,
    Form(told): Form<Told>,
) -> Response {
    let worried = matches!(told.how, How::Worried);
    match report(&edge.clinics, who, session, worried, told.text).await {
        Ok(true) => go_home(if worried { SaidAtHome::Worried } else { SaidAtHome::Reported }),
        Ok(false) => document::not_there(&edge),
        Err(error) => failed(&edge, &error),
    }
}
