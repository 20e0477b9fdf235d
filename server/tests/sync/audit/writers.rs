//! Many at once, over several servers.

use super::{anchor, rows, verdict};
use crate::{
    clinic::{self, CLINIC, Counting, PROVIDER, audit_key, client, id},
    device::signed_in,
};
use app::api::{CatalogueEdit, Numbered, audit::Look};
use domain::{
    audit::{Action, LookedPage},
    catalogue::Room,
    command::{Change, Command},
    ids::{CommandId, InstallationId, LookId, RoomId},
    sync::Outcome,
};
use server::{
    audit::{self, Entry, looks},
    clinic::Clinics,
    editing,
    sync::push,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::sync::Arc;
use tokio::sync::Barrier;

/// A command whose change is as small as any.
pub fn correction(n: u128, server: &Clinics) -> Numbered {
    let change = Change::CorrectContact { based_on: 0, phone: format!("{n}"), email: String::new() };
    let command = Command {
        v: 1,
        id: CommandId(id(8_000_000 + n)),
        clinic: CLINIC,
        installation: InstallationId(id(1)),
        client: client(n % 4),
        by: PROVIDER,
        at: server.host.now(),
        change,
    };
    Numbered { number: 1, text: serde_json::to_string(&command).unwrap() }
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn fifty_writers_over_two_servers_leave_one_chain_without_a_gap(_: PgPoolOptions, options: PgConnectOptions) {
    const WRITERS: usize = 50;
    let first = clinic::open(options.clone(), 4).await;
    let pool = server::database::pool(options).await.unwrap();
    let second = Arc::new(Clinics::new(pool, Arc::new(Counting::from(500_000)), first.photos.clone(), audit_key()));
    let start = Arc::new(Barrier::new(WRITERS));
    let write = |n: usize| {
        let (server, start) = ([&first, &second][n % 2].clone(), start.clone());
        let id = move |k: u128| id(k + u128::try_from(n).unwrap());
        tokio::spawn(async move {
            start.wait().await;
            match n / 2 % 4 {
                // With the version's lock and without it, each in a transaction of its own.
                0 => {
                    let outcome =
                        push::receive(&server, &signed_in(), InstallationId(id(2)), &correction(id(0).as_u128(), &server)).await.unwrap();
                    assert!(!matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
                }
                1 => {
                    let room = Room { id: RoomId(id(60_000)), name: format!("Room {n}"), retired: false, version: 0 };
                    editing::save(&server, &signed_in(), CatalogueEdit::Room(room)).await.unwrap();
                }
                2 => {
                    let look = |k| Look { id: LookId(id(k)), client: client(0), at: server.host.now(), page: LookedPage::Chart };
                    looks::take(&server, &signed_in(), &[look(70_000), look(80_000)]).await.unwrap();
                }
                _ => audit::note(&server, CLINIC, Entry::by_staff(PROVIDER, Action::SignIn)).await.unwrap(),
            }
        })
    };
    let tasks: Vec<_> = (0..WRITERS).map(write).collect();
    for task in tasks {
        task.await.unwrap();
    }
    let numbers: Vec<_> = rows(&first, CLINIC).await.iter().map(|row| row.number).collect();
    // Twelve of them told of two looks.
    assert_eq!(numbers, (1..=62).collect::<Vec<_>>());
    anchor(&second).await;
    let verdict = verdict(&first).await;
    assert_eq!((verdict.good, verdict.fault), (62, None));
}
