//! How often a sign-in was tried.

use super::Result;
use domain::time::Moment;
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;

/// Counts one more try, and says how many there were since `from`. What is older is forgotten, for everybody.
pub async fn count(pool: &PgPool, about: &[u8], now: Moment, from: Moment) -> Result<i32> {
    let mut tx = pool.begin().await?;
    sqlx::query!("delete from sign_in_try where since < $1", from.timestamp().to_sqlx() as _).execute(&mut *tx).await?;
    let tries = sqlx::query_scalar!(
        "insert into sign_in_try (about, since, tries) values ($1, $2, 1)
         on conflict (about) do update set tries = sign_in_try.tries + 1
         returning tries",
        about,
        now.timestamp().to_sqlx() as _,
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(tries)
}

/// It was the right one.
pub async fn forget(pool: &PgPool, about: &[u8]) -> Result<()> {
    sqlx::query!("delete from sign_in_try where about = $1", about).execute(pool).await?;
    Ok(())
}
