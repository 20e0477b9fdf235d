//! The way to the billing exceptions, with how many are open.

use crate::{icon::Icon, words, workspace::use_workspace};
use leptos::prelude::*;

#[component]
pub fn BillingLink() -> impl IntoView {
    let workspace = use_workspace();
    let open = Memo::new(move |_| workspace.read(|replica| replica.charts().map(|chart| chart.exceptions().len()).sum::<usize>()));
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
