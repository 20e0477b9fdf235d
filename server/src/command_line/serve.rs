use super::{Where, say, seed::fill};
use crate::{
    audit::anchor::{self, Anchored},
    clinic::Clinics,
    database::{Database, Purpose},
    demo::{self, Size},
    follow_up::{
        FollowUp,
        transport::{Carriers, Transport},
    },
    host::{Host, Machine},
    http::{self, Edge, cookie::CookieName},
    photos::sweep,
    store::sign_in,
    sync::live,
    ways_in::{SecretKey, WaysIn},
};
use anyhow::Context;
use axum::Router;
use clap::Args;
use std::{net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
    task::JoinHandle,
};

#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    database: Where,
    #[arg(long, env = "CADENCE_LISTEN", default_value = "127.0.0.1:7300")]
    listen: SocketAddr,
    /// Where people reach the server, as in https://clinic.example: stands in what is written to clients, and passkeys belong to its
    /// name. Without it, links lead to the listening address, and passkeys belong to localhost.
    #[arg(long, env = "CADENCE_ORIGIN")]
    origin: Option<String>,
    /// The app as `cargo xtask build` left it.
    #[arg(long, env = "CADENCE_SITE", default_value = "var/site")]
    site: PathBuf,
    /// 64 hexadecimal digits that authenticator secrets are encrypted by, the same for all server processes. Without it, a file
    /// `sign-in.key` in the data folder, made when it is not there.
    #[arg(long, env = "CADENCE_SIGN_IN_KEY", hide_env_values = true)]
    sign_in_key: Option<String>,
    /// The server stands behind https: sign-in cookies are for that only.
    #[arg(long, env = "CADENCE_HTTPS")]
    https: bool,
    /// Fill an empty database with the demo clinic, and print its sign-ins.
    #[arg(long)]
    demo: bool,
}

/// All that runs once the server is ready, to be put away in order.
struct Running {
    database: Database,
    listener: TcpListener,
    router: Router,
    clinics: Arc<Clinics>,
    /// Pass on what Postgres announces, keep the photo store tidy, anchor the audit.
    helpers: [JoinHandle<()>; 3],
    /// Writes to clients; told to stop, it gives back what it has taken and not begun.
    follow_up: (watch::Sender<bool>, JoinHandle<()>),
}

impl Serve {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        // From here on a signal ends the server in order, however early it comes.
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let stop = async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        };
        tokio::pin!(stop);
        let running = tokio::select! {
            started = self.start() => started?,
            () = &mut stop => return Ok(stopped()),
        };
        running.until(stop).await
    }

    async fn start(self) -> anyhow::Result<Running> {
        let site_is_built = self.site.join("index.html").is_file();
        anyhow::ensure!(site_is_built, "the app is not built ({} is missing). Run bin/run, or cargo xtask build.", self.site.display());
        let listener = TcpListener::bind(self.listen)
            .await
            .with_context(|| format!("the address {} cannot be used; choose another with --listen", self.listen))?;
        let database = self.database.open(Purpose::Serving).await?;
        let host: Arc<dyn Host> = Arc::new(Machine);
        if self.demo && sign_in::find_account(&database.pool, demo::OWNER_EMAIL).await?.is_none() {
            fill(&database.pool, host.as_ref(), Size::default()).await?;
        }
        let audit_key = self.database.audit_key(&database.pool).await?;
        let clinics = Arc::new(Clinics::new(database.pool.clone(), host, self.database.photos()?, audit_key));
        let key = match &self.sign_in_key {
            Some(digits) => SecretKey::from_hex(digits)?,
            None => SecretKey::from_file(&self.database.data().join("sign-in.key"), &Machine)?,
        };
        let named = self.origin.clone().unwrap_or_else(|| format!("http://localhost:{}", self.listen.port()));
        let ways_in = Arc::new(WaysIn::new(key, &named)?);
        let helpers = [
            tokio::spawn(live::listen(clinics.clone())),
            tokio::spawn(sweep::keep_tidy(clinics.clone())),
            tokio::spawn(anchor::keep_anchored(clinics.clone())),
        ];
        let cookie_name = if self.https { CookieName::Host } else { CookieName::Plain };
        let here = format!("http://{}", listener.local_addr()?);
        let origin: Arc<str> = self.origin.as_deref().map_or(here.as_str(), |origin| origin.trim_end_matches('/')).into();
        let (stop, stopping) = watch::channel(false);
        let transport: Arc<dyn Transport> = Arc::new(Carriers::new(ways_in.clone(), origin.clone(), Arc::new(Machine))?);
        let follow_up = FollowUp::new(clinics.clone(), transport.clone(), origin.clone());
        let follow_up = (stop, tokio::spawn(follow_up.run(stopping)));
        let router = http::router(Edge { clinics: clinics.clone(), cookie_name, origin, transport, ways_in, site: self.site.clone() });

        say(&format!("\nCadence is ready: {here}\n"));
        if self.demo {
            for (email, who) in demo::SIGN_INS {
                say(&format!("  {email:<22} {:<14} {who}", demo::PASSWORD));
            }
            say("\nCtrl-C stops it.");
        }
        Ok(Running { database, listener, router, clinics, helpers, follow_up })
    }
}

impl Running {
    /// Serves until told to stop. Devices hold their lines open for ever, so nobody waits for them to hang up; what is being
    /// written is finished.
    async fn until(self, stop: impl Future<Output = ()>) -> anyhow::Result<ExitCode> {
        let Self { database: Database { pool, private }, listener, router, clinics, helpers, follow_up } = self;
        let postgres_ended = async {
            match &private {
                Some(private) => ended(private).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            result = axum::serve(listener, router) => result?,
            // A server without its database answers nothing; ending says so to whoever watches it.
            () = postgres_ended => anyhow::bail!("the private Postgres ended; its log in the data folder says why"),
            () = stop => {}
        }
        helpers.iter().for_each(JoinHandle::abort);
        let (stop, following_up) = follow_up;
        stop.send_replace(true);
        // The messages that are just going out are finished.
        if tokio::time::timeout(Duration::from_secs(8), following_up).await.is_err() {
            tracing::warn!("following up did not end in time; what it was sending is settled at the next start");
        }
        // What happened last is anchored too, if the photo store answers.
        let mut anchored = Anchored::default();
        let last = anchor::anchor(&clinics, &mut anchored);
        if let Ok(Err(error)) = tokio::time::timeout(Duration::from_secs(5), last).await {
            tracing::warn!(%error, "the audit's last rows could not be anchored");
        }
        // Waits for those who hold a connection; a few seconds are enough for any of them.
        let _ = tokio::time::timeout(Duration::from_secs(5), pool.close()).await;
        if let Some(private) = private {
            private.stop()?;
        }
        Ok(stopped())
    }
}

fn stopped() -> ExitCode {
    say("Stopped.");
    ExitCode::SUCCESS
}

async fn ended(private: &crate::private_postgres::PrivatePostgres) {
    while private.is_running() {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
