//! One form's way into the chart: no second tap while the first is under way, and words for what went wrong.

use crate::workspace::{Workspace, use_workspace};
use domain::{command::Change, ids::ClientId};
use leptos::{prelude::*, task::spawn_local};

#[derive(Clone, Copy)]
pub struct Recording {
    workspace: Workspace,
    client: ClientId,
    pub busy: RwSignal<bool>,
    pub problem: RwSignal<Option<String>>,
}

impl Recording {
    pub fn new(client: ClientId) -> Self {
        Self { workspace: use_workspace(), client, busy: RwSignal::new(false), problem: RwSignal::new(None) }
    }

    /// Says why nothing was recorded.
    pub fn refuse(self, words: impl Into<String>) {
        self.problem.set(Some(words.into()));
    }

    /// Records a change, and does what is to be done after it. `failed` begins the sentence that says why it could not be.
    pub fn record(self, change: Change, failed: &'static str, then: impl FnOnce() + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let recorded = self.workspace.record(self.client, change, None).await;
            // The form may be gone by now.
            self.busy.try_set(false);
            match recorded {
                Ok(_) => then(),
                Err(error) => {
                    self.problem.try_set(Some(format!("{failed} {error}")));
                }
            }
        });
    }
}
