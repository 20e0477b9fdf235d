//! Whose the lists are: names are not part of the numbers.

use crate::store::{Result, Tx};
use domain::{
    ids::{ClientId, ClinicId, PlanId},
    numbers::Numbers,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Names of clients and series.
pub struct Names {
    clients: HashMap<Uuid, String>,
    plans: HashMap<Uuid, String>,
}

impl Names {
    /// Of everybody in the lists.
    pub async fn of(tx: &mut Tx, clinic: ClinicId, numbers: &Numbers) -> Result<Self> {
        let listed = || numbers.at_risk.iter().map(|one| (one.client, one.plan));
        let apart = || numbers.apart.iter().map(|one| (one.client, one.plan));
        let (clients, plans): (Vec<Uuid>, Vec<Uuid>) = listed().chain(apart()).map(|(client, plan)| (client.0, plan.0)).unzip();
        let clients = sqlx::query!("select id, name from client where clinic_id = $1 and id = any($2)", clinic.0, &clients)
            .fetch_all(&mut **tx)
            .await?;
        let plans =
            sqlx::query!("select id, name from plan where clinic_id = $1 and id = any($2)", clinic.0, &plans).fetch_all(&mut **tx).await?;
        Ok(Self {
            clients: clients.into_iter().map(|row| (row.id, row.name)).collect(),
            plans: plans.into_iter().map(|row| (row.id, row.name)).collect(),
        })
    }

    pub fn client(&self, client: ClientId) -> String {
        self.clients.get(&client.0).cloned().unwrap_or_default()
    }

    pub fn plan(&self, plan: PlanId) -> String {
        self.plans.get(&plan.0).cloned().unwrap_or_default()
    }
}
