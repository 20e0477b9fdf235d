//! A page that opens before the clinic has arrived on this device.

use crate::icon::Icon;
use leptos::prelude::*;

/// `then` says what appears once it has.
#[component]
pub fn StillFetching(title: &'static str, then: &'static str) -> impl IntoView {
    view! {
        <div class="page">
            <div class="page-head">
                <h1>{title}</h1>
            </div>
            <div class="card empty" role="status">
                <Icon name="update" />
                <h2>"The clinic is still being fetched"</h2>
                <p>"The first time, this device needs the network. " {then}</p>
            </div>
        </div>
    }
}
