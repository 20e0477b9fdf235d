//! A link by e-mail or SMS is how a client gets in: made for whoever is on file, good once, in the browser that asked for it.

use super::{
    SignedInClient,
    messages::{self, Letter},
};
use crate::{
    audit::{self, Entry},
    clinic::Clinics,
    follow_up::transport::Transport,
    store::{
        self, Result,
        own_pages::{
            address,
            link::{self, Link, Standing},
            sign_in,
        },
        sign_in_try,
    },
    token,
};
use app::api::messages::Channel;
use domain::{
    audit::{Action, Who},
    ids::{ClientId, ClinicId},
    time::Moment,
};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A link is good for so long.
pub const LINK_SECONDS: i64 = 10 * 60;
/// A client's browser stays signed in for so long.
pub const SIGN_IN_SECONDS: i64 = 30 * 24 * 3600;
/// So many links are asked for by one address within [`ASK_SECONDS`], and by all together; on all server processes.
pub const MOST_ASKED: i32 = 5;
pub const MOST_ASKED_IN_ALL: i32 = 600;
pub const ASK_SECONDS: i64 = 15 * 60;

/// Whoever asks learns only this, whether anybody is known by that address or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Noted,
    TooOften,
}

/// Asks for a link. What depends on who is on file is done after the answer.
pub async fn ask(clinics: &Arc<Clinics>, transport: &Arc<dyn Transport>, origin: &Arc<str>, typed: &str, browser: &str) -> Result<Asked> {
    let now = clinics.host.now();
    let from = Moment::from_millis(now.millis() - ASK_SECONDS * 1000);
    let key = address::key(&clinics.pool, &store::storable(typed.trim())).await?;
    let about = |what: &str| Sha256::digest(format!("a link for {what}").as_bytes()).to_vec();
    let by_all = sign_in_try::count(&clinics.pool, &about("anybody"), now, from).await?;
    let by_one = sign_in_try::count(&clinics.pool, &about(&format!("one: {}", key.as_deref().unwrap_or(typed))), now, from).await?;
    if by_all > MOST_ASKED_IN_ALL || by_one > MOST_ASKED {
        return Ok(Asked::TooOften);
    }
    if let Some(key) = key {
        let (clinics, transport, origin, browser_hash) = (clinics.clone(), transport.clone(), origin.clone(), token::hash(browser));
        tokio::spawn(async move {
            if let Err(error) = send(&clinics, transport.as_ref(), &origin, &key, &browser_hash).await {
                tracing::error!(%error, "a link for a client could not be made");
            }
        });
    }
    Ok(Asked::Noted)
}

/// One message for each client on file, so also for each clinic.
async fn send(clinics: &Clinics, transport: &dyn Transport, origin: &str, key: &str, browser_hash: &[u8]) -> Result<()> {
    let channel = if key.contains('@') { Channel::Email } else { Channel::Sms };
    for (clinic, client) in address::find(&clinics.pool, key).await? {
        let (token, made_at) = (token::draw(clinics.host.as_ref()), clinics.host.now());
        let ends_at = Moment::from_millis(made_at.millis() + LINK_SECONDS * 1000);
        let mut tx = store::begin(&clinics.pool, clinic).await?;
        let Some(on_file) = address::on_file(&mut tx, clinic, client).await? else { continue };
        link::add(&mut tx, clinic, &Link { client, token_hash: &token::hash(&token), browser_hash, made_at, ends_at }).await?;
        let text = messages::link_text(&on_file, origin, &token);
        let address = if channel == Channel::Email { on_file.email } else { on_file.phone };
        tx.commit().await?;
        let subject = format!("Your link to {}", on_file.clinic);
        messages::deliver(clinics, transport, clinic, client, Letter { channel, address, subject, text, made_by: None }).await?;
    }
    Ok(())
}

/// How a link stands for the browser that opened it. Looking changes nothing: programs that look into mail do so, too.
pub async fn standing(clinics: &Clinics, token: &str, browser: Option<&str>) -> Result<Standing> {
    let browser = browser.map(token::hash);
    link::standing(&clinics.pool, &token::hash(token), browser.as_deref(), clinics.host.now()).await
}

/// Uses a link, and begins a sign-in in place of the one this browser had; returns its token. `None`: the link is no good here.
pub async fn redeem(clinics: &Clinics, token: &str, browser: Option<&str>, replaced: Option<&str>) -> Result<Option<String>> {
    let Some(browser) = browser else { return Ok(None) };
    let now = clinics.host.now();
    let redeemed = link::redeem(&clinics.pool, &token::hash(token), &token::hash(browser), now).await?;
    let Some((mut tx, clinic, client)) = redeemed else { return Ok(None) };
    let token = token::draw(clinics.host.as_ref());
    let ends_at = Moment::from_millis(now.millis() + SIGN_IN_SECONDS * 1000);
    sign_in::add(&mut tx, clinic, client, &token::hash(&token), now, ends_at).await?;
    audit::add(&mut tx, clinics, clinic, Entry::by(Who::Client(client), Action::ClientSignIn).about(client)).await?;
    tx.commit().await?;
    if let Some(replaced) = replaced {
        sign_out(clinics, replaced).await?;
    }
    Ok(Some(token))
}

/// Whose browser presents this token.
pub async fn signed_in(clinics: &Clinics, token: &str) -> Result<Option<SignedInClient>> {
    let found: Option<(ClinicId, ClientId)> = sign_in::find(&clinics.pool, &token::hash(token), clinics.host.now()).await?;
    Ok(found.map(|(clinic, client)| SignedInClient { clinic, client }))
}

pub async fn sign_out(clinics: &Clinics, token: &str) -> Result<()> {
    match signed_in(clinics, token).await? {
        Some(who) => sign_in::remove(&clinics.pool, who.clinic, &token::hash(token)).await,
        None => Ok(()),
    }
}
