//! What the roles of the database may do, and who may serve.

use super::ROLE;
use sqlx::{AssertSqlSafe, Executor, PgConnection};

/// What a role could do on a connection of its own, by itself or as any role it may turn into.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Powers {
    pub role: String,
    pub superuser: bool,
    /// Passes row-level security by, makes roles, or belongs to a role of Postgres itself such as `pg_write_all_data`.
    powerful: bool,
    /// Owns the database, or something in it.
    pub owns: bool,
    /// Is a member of the role the server works under.
    pub serves: bool,
    /// Nothing is in the database yet.
    pub is_empty: bool,
}

const POWERS: &str = r"
    select me.rolname::text as role, me.rolsuper as superuser,
        exists (
            select from pg_roles other
            where (other.rolsuper or other.rolbypassrls or other.rolcreaterole or other.rolreplication or other.rolname like 'pg\_%')
                and pg_has_role(me.oid, other.oid, 'member')
        ) as powerful,
        exists (select from pg_class where relnamespace = 'public'::regnamespace and pg_has_role(me.oid, relowner, 'member'))
            or exists (select from pg_database where datname = current_database() and pg_has_role(me.oid, datdba, 'member')) as owns,
        exists (select from pg_roles app where app.rolname = $2 and pg_has_role(me.oid, app.oid, 'member')) as serves,
        to_regclass('public._sqlx_migrations') is null as is_empty
    from pg_roles me where me.rolname = coalesce($1, session_user)";

impl Powers {
    /// Of the role that connected, whatever it has turned into since.
    pub async fn of_session(connection: &mut PgConnection) -> Result<Self, sqlx::Error> {
        sqlx::query_as(POWERS).bind(None::<String>).bind(ROLE).fetch_one(connection).await
    }

    /// `None`: there is no such role.
    async fn of(connection: &mut PgConnection, role: &str) -> Result<Option<Self>, sqlx::Error> {
        sqlx::query_as(POWERS).bind(role).bind(ROLE).fetch_optional(connection).await
    }

    /// Why row-level security would not bind it.
    pub fn too_much(&self) -> Option<&'static str> {
        if self.superuser {
            Some("is a superuser")
        } else if self.owns {
            Some("owns the tables or can turn into who does")
        } else if self.powerful {
            Some("has rights over the whole of Postgres")
        } else {
            None
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum LetServeError {
    #[error("{role} cannot serve: it {why}. Name another role; one that does not exist is made.")]
    TooPowerful { role: String, why: &'static str },
    #[error("{role} could not be made a role that serves: {why}")]
    Refused { role: String, why: String },
}

/// Makes a role one that serves: it may log in, is a member of the server's role, and nothing else. Made when it does not exist, without
/// a password.
pub async fn let_serve(owner: &mut PgConnection, role: &str) -> Result<(), LetServeError> {
    let refused = |error: sqlx::Error| LetServeError::Refused { role: role.to_owned(), why: error.to_string() };
    let powers = Powers::of(owner, role).await.map_err(refused)?;
    if let Some(why) = powers.as_ref().and_then(Powers::too_much) {
        return Err(LetServeError::TooPowerful { role: role.to_owned(), why });
    }
    // A name cannot be a parameter of these statements; Postgres itself puts it into quotes.
    let quoted: String = sqlx::query_scalar("select quote_ident($1)").bind(role).fetch_one(&mut *owner).await.map_err(refused)?;
    let steps = [
        (powers.is_none(), format!("create role {quoted} login")),
        (!powers.is_some_and(|powers| powers.serves), format!("grant {ROLE} to {quoted}")),
    ];
    for (_, sql) in steps.into_iter().filter(|(is_needed, _)| *is_needed) {
        owner.execute(AssertSqlSafe(sql)).await.map_err(refused)?;
    }
    Ok(())
}
