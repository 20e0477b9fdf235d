use super::{Where, say};
use crate::{
    database::Purpose,
    host::Machine,
    people,
    store::{self, people as stored, sign_in},
};
use anyhow::{Context, bail};
use clap::Args;
use domain::catalogue::Role;
use std::process::ExitCode;

#[derive(Args)]
pub struct InviteOwner {
    #[command(flatten)]
    database: Where,
    /// The owner's e-mail address.
    #[arg(long)]
    email: String,
    /// Where people reach the server, as in https://clinic.example.
    #[arg(long, env = "CADENCE_ORIGIN", default_value = "http://localhost:7300")]
    origin: String,
}

impl InviteOwner {
    /// Whoever may use the server's machine has everything anyway: so this is the way back for the only owner.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let database = self.database.open(Purpose::Task).await?;
        let account = sign_in::find_account(&database.pool, &self.email).await?;
        let account = account.with_context(|| format!("nobody who works here has the address {}", self.email))?;
        let mut tx = store::begin(&database.pool, account.clinic).await?;
        if stored::role(&mut tx, account.clinic, account.staff).await? != Some(Role::Owner) {
            bail!("{} is not an owner’s; an owner invites everybody else in Settings → People", self.email);
        }
        let invitation = people::invite(&mut tx, &Machine, account.clinic, account.staff, None).await?;
        tx.commit().await?;
        say(&format!("Good once, for three days:\n{}{}", self.origin.trim_end_matches('/'), invitation.address));
        Ok(ExitCode::SUCCESS)
    }
}
