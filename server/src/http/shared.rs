//! What somebody outside the clinic sees who was given an address: one picture, and only while it may be seen. Drawn here, without
//! any of the app, for a browser that is signed in nowhere.

use super::{Edge, page, photos};
use crate::{
    audit::{self, Entry},
    photos::shared::{self, Live},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::audit::{Action, Who};
use leptos::prelude::{AnyView, ElementChild, IntoAny, view};

const STYLE: &str = "
    :root { color-scheme: light; }
    body { margin: 0; min-block-size: 100vh; display: grid; place-items: center; background: #f3f1ee; color: #1f1c19;
        font: 1rem/1.5 system-ui, sans-serif; }
    main { max-inline-size: 72rem; padding: 1.5rem 1rem; text-align: center; }
    h1 { margin: 0 0 1rem; font-size: 1.25rem; font-weight: 600; }
    img { display: block; max-inline-size: 100%; max-block-size: 78vh; margin-inline: auto; border-radius: 0.5rem; background: #e9e6e1; }
    p { max-inline-size: 40rem; margin: 1rem auto 0; color: #544e47; }
";

pub async fn show(State(edge): State<Edge>, Path(token): Path<String>) -> Response {
    match live(&edge, &token).await {
        Ok(live) if live.is_there => {
            let words = &live.words;
            let alt = format!("Side by side: {}, and {}.", words.before, words.after);
            let picture = format!("{}/picture", app::api::photos::shared_address(&token));
            let body = view! {
                <h1>{words.clinic.clone()}</h1>
                <img src=picture alt=alt />
                <p>"Shown with the consent of the person in it, until that is withdrawn. Please do not copy it or pass it on."</p>
            };
            document(&edge, StatusCode::OK, body.into_any())
        }
        Ok(live) => {
            let body = view! {
                <h1>{live.words.clinic}</h1>
                <p>"This picture is still on its way to the clinic. Please look again later."</p>
            };
            document(&edge, StatusCode::OK, body.into_any())
        }
        Err(response) => response,
    }
}

pub async fn picture(State(edge): State<Edge>, Path(token): Path<String>) -> Response {
    let live = match live(&edge, &token).await {
        Ok(live) if live.is_there => live,
        Ok(_) => return gone(&edge),
        Err(response) => return response,
    };
    let picture = async {
        if edge.clinics.audit.seen.is_due(live.share, edge.clinics.host.now()) {
            let entry = Entry::by(Who::Nobody, Action::SeenOutside).about(live.client).id("share", live.share.0);
            audit::note(&edge.clinics, live.clinic, entry).await?;
        }
        shared::picture(&edge.clinics, &live).await
    };
    match picture.await {
        Ok(stored) => ([page::NOT_FOR_SEARCH], photos::jpeg(stored, "no-store")).into_response(),
        Err(error) => photos::failed(&error),
    }
}

/// What the address shows now, or how to answer.
async fn live(edge: &Edge, token: &str) -> Result<Live, Response> {
    match shared::by_token(&edge.clinics, token).await {
        Ok(Some(live)) => Ok(live),
        Ok(None) => Err(gone(edge)),
        Err(error) => Err(photos::failed(&error)),
    }
}

/// The same for every reason there may be.
fn gone(edge: &Edge) -> Response {
    document(edge, StatusCode::NOT_FOUND, view! { <p>"This picture is not shown any more."</p> }.into_any())
}

fn document(edge: &Edge, status: StatusCode, body: AnyView) -> Response {
    page::alone(edge, status, "Before and after", STYLE, page::Moves::Nothing, || view! { <main>{body}</main> }.into_any())
}
