//! The owner's page on which carriers are set. Forms the server draws: passwords pass through no program of ours in the browser.

use super::{Edge, page, status_of};
use crate::{
    carriers,
    follow_up::transport::{Answer, twilio},
    store::{
        self, StoreError, clinic as stored,
        follow_up::carrier::{Kept, Settings},
        second_factor,
    },
};
use app::{
    api::{
        SignedIn,
        carriers::{EmailCarrier, Security, Shown, SmsCarrier},
        messages::Channel,
    },
    settings::{CARRIERS, CarriersPage, CarriersSeen},
};
use axum::{
    Extension, Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::view;
use serde::Deserialize;

pub async fn show(State(edge): State<Edge>, Extension(who): Extension<SignedIn>) -> Response {
    draw(&edge, &who, StatusCode::OK, None, Said::default()).await
}

/// What became of what was asked for.
#[derive(Default)]
struct Said {
    words: Option<String>,
    well: bool,
}

/// With what was `typed` in place of what is set: it is not lost.
async fn draw(edge: &Edge, who: &SignedIn, status: StatusCode, typed: Option<Settings>, said: Said) -> Response {
    let mut seen = match read(edge, who).await {
        Ok(seen) => seen,
        Err(error) => return failed(&error),
    };
    match typed {
        Some(Settings::Email(carrier)) => seen.email.carrier = carrier,
        Some(Settings::Sms(carrier)) => seen.sms.carrier = carrier,
        None => {}
    }
    let Said { words: said, well } = said;
    let mut response = page::draw(edge, "Carriers of messages", || view! { <CarriersPage seen said well /> }).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

async fn read(edge: &Edge, who: &SignedIn) -> store::Result<CarriersSeen> {
    let kept = carriers::list(&edge.clinics, who.clinic).await?;
    let mut tx = store::begin(&edge.clinics.pool, who.clinic).await?;
    let version = stored::read_version(&mut tx, who.clinic).await?;
    let catalogue = edge.clinics.catalogue(&mut tx, who.clinic, version.catalogue).await?;
    let own_email = second_factor::read(&mut tx, (who.clinic, who.staff)).await?.email;
    let mut seen = CarriersSeen {
        email: Shown::none(EmailCarrier::empty()),
        sms: Shown::none(SmsCarrier::empty()),
        incoming: format!("{}{}", edge.origin, twilio::incoming_path(who.clinic)),
        own_email,
    };
    for Kept { settings, secret, set_by, set_at } in kept {
        let set = Some(format!("{} by {}", catalogue.clock.day(set_at).long(), catalogue.staff_name(set_by)));
        let has_secret = secret.is_some();
        match settings {
            Settings::Email(carrier) => seen.email = Shown { carrier, has_secret, set },
            Settings::Sms(carrier) => seen.sms = Shown { carrier, has_secret, set },
        }
    }
    Ok(seen)
}

fn failed(error: &StoreError) -> Response {
    status_of(error, "the carriers of a clinic could not be read or set").into_response()
}

#[derive(Deserialize)]
pub struct TypedEmail {
    host: String,
    port: String,
    security: String,
    #[serde(default)]
    user: String,
    #[serde(default)]
    secret: String,
    #[serde(default)]
    from_name: String,
    from_address: String,
    #[serde(default)]
    bounces: String,
}

pub async fn set_email(State(edge): State<Edge>, Extension(who): Extension<SignedIn>, Form(typed): Form<TypedEmail>) -> Response {
    let plain = |text: &str| text.trim().to_owned();
    let carrier = EmailCarrier {
        host: plain(&typed.host),
        port: typed.port.trim().parse().unwrap_or_default(),
        security: Security::by_code(&typed.security).unwrap_or(Security::StartTls),
        user: plain(&typed.user),
        from_name: plain(&typed.from_name),
        from_address: plain(&typed.from_address),
        bounces: plain(&typed.bounces),
    };
    set(&edge, &who, Settings::Email(carrier), &typed.secret).await
}

#[derive(Deserialize)]
pub struct TypedSms {
    account: String,
    #[serde(default)]
    secret: String,
    from: String,
    #[serde(default)]
    country: String,
    #[serde(default)]
    base: String,
}

pub async fn set_sms(State(edge): State<Edge>, Extension(who): Extension<SignedIn>, Form(typed): Form<TypedSms>) -> Response {
    let plain = |text: &str| text.trim().to_owned();
    let carrier = SmsCarrier {
        account: plain(&typed.account),
        from: typed.from.chars().filter(|c| !c.is_whitespace()).collect(),
        country: typed.country.trim().trim_start_matches('+').to_owned(),
        base: plain(&typed.base),
    };
    set(&edge, &who, Settings::Sms(carrier), typed.secret.trim()).await
}

async fn set(edge: &Edge, who: &SignedIn, settings: Settings, secret: &str) -> Response {
    match carriers::set(&edge.clinics, &edge.ways_in.key, who, settings.clone(), secret).await {
        Ok(Ok(())) => Redirect::to(CARRIERS).into_response(),
        Ok(Err(faults)) => {
            let said = Said { words: Some(faults.join(" ")), well: false };
            draw(edge, who, StatusCode::UNPROCESSABLE_ENTITY, Some(settings), said).await
        }
        Err(error) => failed(&error),
    }
}

#[derive(Deserialize)]
pub struct Which {
    channel: String,
    #[serde(default)]
    to: String,
}

impl Which {
    fn channel(&self) -> Channel {
        if self.channel == "sms" { Channel::Sms } else { Channel::Email }
    }
}

pub async fn remove(State(edge): State<Edge>, Extension(who): Extension<SignedIn>, Form(which): Form<Which>) -> Response {
    match carriers::remove(&edge.clinics, &who, which.channel()).await {
        Ok(()) => Redirect::to(CARRIERS).into_response(),
        Err(error) => failed(&error),
    }
}

pub async fn test(State(edge): State<Edge>, Extension(who): Extension<SignedIn>, Form(which): Form<Which>) -> Response {
    let answer = match carriers::test(&edge.clinics, edge.transport.as_ref(), &who, which.channel(), &which.to).await {
        Ok(answer) => answer,
        Err(error) => return failed(&error),
    };
    let (words, well) = match answer {
        Answer::Accepted { .. } => ("The carrier took the test message. See whether it arrives.".to_owned(), true),
        Answer::Simulated => ("There is no carrier for this yet: set one first.".to_owned(), false),
        Answer::Refused(words) | Answer::OptedOut(words) => (format!("The carrier refused the test message: {words}"), false),
        Answer::Later(words) => (format!("The carrier did not take the test message: {words}"), false),
        Answer::Unknown(words) => (format!("Nobody can say whether the test message went out: {words}"), false),
    };
    let status = if well { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    draw(&edge, &who, status, None, Said { words: Some(words), well }).await
}
