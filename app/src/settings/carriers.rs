//! By what messages to clients travel. Drawn by the server, as plain forms: a password that is typed here goes to the clinic's server and
//! is never shown again.

use crate::{
    api::carriers::{EmailCarrier, Security, Shown, SmsCarrier},
    icon::Icon,
    sign_in::parts::{Card, Problem},
};
use leptos::prelude::*;

/// Where the page is.
pub const CARRIERS: &str = "/carriers";

/// What there is, as its owner sees it.
pub struct CarriersSeen {
    pub email: Shown<EmailCarrier>,
    pub sms: Shown<SmsCarrier>,
    /// Where the carrier of SMS hands in what clients write.
    pub incoming: String,
    /// Of whoever looks.
    pub own_email: String,
}

#[component]
pub fn CarriersPage(
    seen: CarriersSeen,
    /// What became of what was asked for.
    said: Option<String>,
    /// It went well.
    well: bool,
) -> impl IntoView {
    let CarriersSeen { email, sms, incoming, own_email } = seen;
    let (good, bad) = if well { (said, None) } else { (None, said) };
    view! {
        <Card>
            <h1>"Carriers of messages"</h1>
            <p class="soft">"Until one is set, messages to clients stay in Cadence, marked as simulated, and go nowhere."</p>
            <Problem words=bad />
            {good.map(|words| view! { <p class="say" role="status">{words}</p> })}
            <Email shown=email own_email />
            <Sms shown=sms incoming />
            <a class="btn wide" href="/settings">
                "Back to the settings"
            </a>
        </Card>
    }
}

#[component]
fn Line(
    label: &'static str,
    name: &'static str,
    id: &'static str,
    value: String,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] secret: bool,
) -> impl IntoView {
    let says = (!hint.is_empty()).then(|| format!("{id}-says"));
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                class="input"
                id=id
                name=name
                type=if secret { "password" } else { "text" }
                autocomplete=if secret { "new-password" } else { "off" }
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=says.clone()
                value=value
            />
            {says.map(|says| view! { <p class="hint" id=says>{hint}</p> })}
        </div>
    }
}

#[component]
fn Email(shown: Shown<EmailCarrier>, own_email: String) -> impl IntoView {
    let Shown { carrier, has_secret, set } = shown;
    let is_set = set.is_some();
    let stands = set.map_or_else(|| "None yet: e-mails are simulated.".to_owned(), |set| format!("Set on {set}."));
    let security = carrier.security;
    let choice = move |one: Security| view! { <option value=one.code() selected=one == security>{one.label()}</option> };
    let hint = if has_secret { "One is kept. Leave it empty to keep it." } else { "It is encrypted, and never shown again." };
    view! {
        <section class="sign-in-part">
            <h2>"E-mail"</h2>
            <p class="soft">{stands}</p>
            <form method="post" action=format!("{CARRIERS}/email")>
                <Line label="Mail server" name="host" id="host" value=carrier.host hint="Such as smtp.example.com" />
                <Line label="Port" name="port" id="port" value=carrier.port.to_string() />
                <div class="field">
                    <label for="security">"Encryption"</label>
                    <select class="input" id="security" name="security">
                        {Security::ALL.map(choice).collect_view()}
                    </select>
                </div>
                <Line label="User" name="user" id="user" value=carrier.user />
                <Line label="Password" name="secret" id="email-secret" value=String::new() hint secret=true />
                <Line label="Sender’s name" name="from_name" id="from-name" value=carrier.from_name />
                <Line label="Sender’s address" name="from_address" id="from-address" value=carrier.from_address />
                <Line
                    label="Address for returned mail"
                    name="bounces"
                    id="bounces"
                    value=carrier.bounces
                    hint="Such as bounce@example.com, where the mail server takes bounce+anything@example.com and hands it to “cadence bounced”. Empty: to the sender’s address."
                />
                <button class="btn primary wide" type="submit">
                    "Save e-mail"
                </button>
            </form>
            {is_set.then(|| view! { <Further channel="email" label="Your e-mail address" id="email-to" to=own_email /> })}
        </section>
    }
}

#[component]
fn Sms(shown: Shown<SmsCarrier>, incoming: String) -> impl IntoView {
    let Shown { carrier, has_secret, set } = shown;
    let is_set = set.is_some();
    let stands = set.map_or_else(|| "None yet: text messages are simulated.".to_owned(), |set| format!("Set on {set}."));
    let hint = if has_secret { "One is kept. Leave it empty to keep it." } else { "It is encrypted, and never shown again." };
    view! {
        <section class="sign-in-part">
            <h2>"SMS, by Twilio"</h2>
            <p class="soft">{stands}</p>
            <form method="post" action=format!("{CARRIERS}/sms")>
                <Line label="Account SID" name="account" id="account" value=carrier.account />
                <Line label="Auth token" name="secret" id="sms-secret" value=String::new() hint secret=true />
                <Line label="Number or messaging service" name="from" id="from" value=carrier.from hint="Such as +13125550100, or MG…" />
                <Line
                    label="Country of numbers without one"
                    name="country"
                    id="country"
                    value=carrier.country
                    hint="Such as 1 for North America, 49 for Germany"
                />
                <Line label="Address of a region" name="base" id="base" value=carrier.base hint="Usually empty" />
                <button class="btn primary wide" type="submit">
                    "Save SMS"
                </button>
            </form>
            {is_set
                .then(|| {
                    view! {
                        <p class="hint">"At Twilio, incoming messages of this number go to " <code>{incoming}</code></p>
                        <Further channel="sms" label="Your number" id="sms-to" to=String::new() />
                    }
                })}
        </section>
    }
}

/// Trying it out, and taking it away.
#[component]
fn Further(channel: &'static str, label: &'static str, id: &'static str, to: String) -> impl IntoView {
    view! {
        <form method="post" action=format!("{CARRIERS}/test")>
            <input type="hidden" name="channel" value=channel />
            <Line label name="to" id value=to />
            <button class="btn wide" type="submit">
                "Send me a test message"
            </button>
        </form>
        <form method="post" action=format!("{CARRIERS}/remove")>
            <input type="hidden" name="channel" value=channel />
            <button class="btn quiet" type="submit">
                <Icon name="trash" />
                "Remove, and simulate again"
            </button>
        </form>
    }
}
