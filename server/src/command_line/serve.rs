use super::{Where, say, seed::fill};
use anyhow::Context;
use clap::Args;
use server::{
    clinic::Clinics,
    demo::{self, Size},
    host::{Host, Machine},
    http::{self, Edge, cookie::CookieName},
    store::sign_in,
    sync::live,
};
use std::{net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};
use tokio::signal::unix::{SignalKind, signal};

#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    database: Where,
    #[arg(long, env = "CADENCE_LISTEN", default_value = "127.0.0.1:7300")]
    listen: SocketAddr,
    /// The app as `cargo xtask build` left it.
    #[arg(long, env = "CADENCE_SITE", default_value = "var/site")]
    site: PathBuf,
    /// The server stands behind https: sign-in cookies are for that only.
    #[arg(long, env = "CADENCE_HTTPS")]
    https: bool,
    /// Fill an empty database with the demo clinic, and print its sign-ins.
    #[arg(long)]
    demo: bool,
}

impl Serve {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        // From here on a signal ends the server in order, however early it comes.
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let stop = async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        };
        tokio::pin!(stop);
        tokio::select! {
            result = self.serve() => result,
            () = &mut stop => {
                say("Stopped.");
                Ok(ExitCode::SUCCESS)
            }
        }
    }

    async fn serve(self) -> anyhow::Result<ExitCode> {
        let site_is_built = self.site.join("index.html").is_file();
        anyhow::ensure!(site_is_built, "the app is not built ({} is missing). Run bin/run, or cargo xtask build.", self.site.display());
        let listener = tokio::net::TcpListener::bind(self.listen)
            .await
            .with_context(|| format!("the address {} cannot be used; choose another with --listen", self.listen))?;
        let database = self.database.open().await?;
        let host: Arc<dyn Host> = Arc::new(Machine);
        if self.demo {
            let size = Size::default();
            if sign_in::find_account(&database.pool, demo::OWNER_EMAIL).await?.is_none() {
                fill(&database.pool, host.as_ref(), size).await?;
            }
        }
        let clinics = Arc::new(Clinics::new(database.pool.clone(), host.clone()));
        tokio::spawn(live::listen(clinics.clone()));
        let cookie_name = if self.https { CookieName::Host } else { CookieName::Plain };
        let router = http::router(Edge { clinics, cookie_name, site: self.site.clone() });

        say(&format!("\nCadence is ready: http://{}\n", listener.local_addr()?));
        if self.demo {
            for (email, who) in demo::SIGN_INS {
                say(&format!("  {email:<22} {:<14} {who}", demo::PASSWORD));
            }
            say("\nCtrl-C stops it.");
        }
        let serving = axum::serve(listener, router);
        match &database.private {
            None => serving.await?,
            // A server without its database answers nothing; ending says so to whoever watches it.
            Some(private) => tokio::select! {
                result = serving => result?,
                () = ended(private) => anyhow::bail!("the private Postgres ended; see its log in {}", "the data folder"),
            },
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn ended(private: &server::private_postgres::PrivatePostgres) {
    while private.is_running() {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
