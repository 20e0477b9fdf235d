use super::{Where, say};
use crate::store::restored;
use clap::Args;
use std::process::ExitCode;

#[derive(Args)]
pub struct Restored {
    #[command(flatten)]
    database: Where,
}

impl Restored {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let (mut owner, private) = self.database.as_owner().await?;
        let clinics = restored::declare(&mut owner).await?;
        drop(owner);
        if let Some(private) = private {
            private.stop()?;
        }
        say(&format!(
            "Clinics: {clinics}. Every device reads everything anew and keeps what it has not handed in yet; everybody signs in again.\n\
             What happened since the backup was made is not in it: look in Settings whether a browser has to be emptied again, and whether \
             somebody who has left is back. `cadence verify-audit` says which rows of the audit are gone."
        ));
        Ok(ExitCode::SUCCESS)
    }
}
