use super::{Where, say};
use crate::database;
use clap::Args;
use std::process::ExitCode;

#[derive(Args)]
pub struct Migrate {
    #[command(flatten)]
    database: Where,
    /// The login role that serves: let it, and make it when it does not exist (without a password; give it one).
    #[arg(long, value_name = "ROLE")]
    serve_as: Option<String>,
}

impl Migrate {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let (mut owner, private) = self.database.as_owner().await?;
        if let Some(role) = &self.serve_as {
            database::let_serve(&mut owner, role).await?;
            say(&format!("{role} can serve."));
        }
        drop(owner);
        if let Some(private) = private {
            private.stop()?;
        }
        say("The database is up to date.");
        Ok(ExitCode::SUCCESS)
    }
}
