//! Text that is not saved yet outlives the page: it is still in its box after a reload or a look elsewhere.

use crate::workspace::{Workspace, use_workspace};
use leptos::prelude::*;

/// What somebody is typing about one thing.
#[derive(Clone)]
pub struct HalfTyped {
    pub text: RwSignal<String>,
    about: String,
    workspace: Workspace,
}

/// The text whoever is signed in is typing about one thing, named by `about`.
pub fn half_typed(about: &str) -> HalfTyped {
    let workspace = use_workspace();
    let text = RwSignal::new(workspace.typed(about));
    let half_typed = HalfTyped { text, about: about.to_owned(), workspace };
    let about = about.to_owned();
    Effect::new(move |_| text.with(|typed| workspace.save_typed(&about, typed)));
    half_typed
}

impl HalfTyped {
    /// `typed` is saved now, and leaves its box. What was typed on meanwhile stays.
    pub fn saved(&self, typed: &str) {
        self.text.try_update(|text| {
            if text.as_str() == typed {
                text.clear();
            }
        });
        // The page may be gone by now, and with it what would have noticed.
        if self.workspace.typed(&self.about) == typed {
            self.workspace.save_typed(&self.about, "");
        }
    }
}
