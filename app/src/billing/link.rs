//! The way to the billing exceptions, with how many are open.

use crate::{icon::Icon, words};
use leptos::prelude::*;

#[component]
pub fn BillingLink(open: Memo<usize>) -> impl IntoView {
    view! {
        <a class="btn quiet" href="/billing">
            <Icon name="receipt" />
            {move || match open.get() {
                0 => "Billing: nothing open".to_owned(),
                open => format!("Billing: {} open", words::thousands(open)),
            }}
        </a>
    }
}
