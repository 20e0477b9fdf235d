//! Staff with their addresses.

use super::{Result, StoreError, Tx, sign_in};
use app::api::ListedPerson;
use domain::{
    catalogue::Role,
    ids::{ClinicId, StaffId},
    people::Person,
    time::Moment,
};
use jiff_sqlx::{Timestamp, ToSqlx};

/// Everybody, those who work here first.
pub async fn list(tx: &mut Tx, clinic: ClinicId, now: Moment) -> Result<Vec<ListedPerson>> {
    let rows = sqlx::query!(
        r#"select staff.id, staff.name, staff.role, staff.active, staff.version,
            coalesce(account.email, '') as "email!", account.password_hash is not null as "has_password!",
            account.signed_in_last as "signed_in_last: Timestamp", invitation.ends_at as "invited_until?: Timestamp"
        from staff
        left join account on account.clinic_id = $1 and account.staff_id = staff.id
        left join invitation on invitation.clinic_id = $1 and invitation.staff_id = staff.id and invitation.ends_at > $2
        where staff.clinic_id = $1
        order by staff.active desc, staff.name, staff.id"#,
        clinic.0,
        now.timestamp().to_sqlx() as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    let moment = |at: Timestamp| Moment::new(at.to_jiff());
    rows.into_iter()
        .map(|row| {
            let role = sign_in::role_from_name(&row.role).ok_or_else(|| StoreError::Unreadable(format!("role {}", row.role)))?;
            let version = row.version.unsigned_abs();
            Ok(ListedPerson {
                person: Person { id: StaffId(row.id), name: row.name, role, email: row.email, active: row.active, version },
                has_password: row.has_password,
                signed_in_last: row.signed_in_last.map(moment),
                invited_until: row.invited_until.map(moment),
            })
        })
        .collect()
}

/// Adds a person or replaces what is known of one; how they get in stays as it is.
pub async fn save(tx: &mut Tx, clinic: ClinicId, person: &Person) -> Result<()> {
    sqlx::query!(
        "insert into staff (clinic_id, id, name, role, active, version) values ($1, $2, $3, $4, $5, $6)
         on conflict (clinic_id, id) do update
         set name = excluded.name, role = excluded.role, active = excluded.active, version = excluded.version",
        clinic.0,
        person.id.0,
        person.name,
        sign_in::role_name(person.role),
        person.active,
        person.version.cast_signed(),
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into account (clinic_id, staff_id, email) values ($1, $2, $3)
         on conflict (clinic_id, staff_id) do update set email = excluded.email",
        clinic.0,
        person.id.0,
        person.email,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Every browser in which this person is signed in is not any more.
pub async fn end_sign_ins(tx: &mut Tx, clinic: ClinicId, staff: StaffId) -> Result<()> {
    sqlx::query!("delete from sign_in where clinic_id = $1 and staff_id = $2", clinic.0, staff.0).execute(&mut **tx).await?;
    sqlx::query!("delete from sign_in_step where clinic_id = $1 and staff_id = $2", clinic.0, staff.0).execute(&mut **tx).await?;
    Ok(())
}

/// The password by which somebody signs in from now on.
pub async fn set_password(tx: &mut Tx, clinic: ClinicId, staff: StaffId, password_hash: &str) -> Result<()> {
    sqlx::query!("update account set password_hash = $3 where clinic_id = $1 and staff_id = $2", clinic.0, staff.0, password_hash)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// What somebody is here; `None` of somebody who has left.
pub async fn role(tx: &mut Tx, clinic: ClinicId, staff: StaffId) -> Result<Option<Role>> {
    let role = sqlx::query_scalar!("select role from staff where clinic_id = $1 and id = $2 and active", clinic.0, staff.0)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(role.and_then(|role| sign_in::role_from_name(&role)))
}
