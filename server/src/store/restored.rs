//! What has to be done once after a backup was put back, by the owner of the tables.

use super::Result;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

/// What lets somebody in. A backup brings back what has been used, ended or taken away since.
const WAYS_IN: [&str; 8] =
    ["sign_in", "sign_in_step", "invitation", "passkey_challenge", "passkey_registration", "client_sign_in", "client_link", "booking_link"];

/// Gives every clinic another epoch, so that its devices do not take the database for the one they knew, and ends all sign-ins and links.
/// Returns how many clinics there are.
pub async fn declare(owner: &mut PgConnection) -> Result<u64> {
    let mut tx = owner.begin().await?;
    // Row-level security binds the owner, too; it looks at all clinics for this once.
    let held = async |tx: &mut PgConnection, how: &str| {
        for table in WAYS_IN.iter().chain(&["clinic_version"]) {
            tx.execute(AssertSqlSafe(format!("alter table {table} {how} row level security"))).await?;
        }
        Result::Ok(())
    };
    held(&mut tx, "no force").await?;
    for table in WAYS_IN {
        tx.execute(AssertSqlSafe(format!("delete from {table}"))).await?;
    }
    let clinics = tx.execute("update clinic_version set epoch = gen_random_uuid()").await?.rows_affected();
    held(&mut tx, "force").await?;
    tx.commit().await?;
    Ok(clinics)
}
