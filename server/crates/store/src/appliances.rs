//! Appliances, their encrypted credentials, and whether these may be used.

use crate::{Conn, Error, Store, column};
use model::{
    ApplianceId, At,
    appliance::{Appliance, ApplianceSpec, ConnectBy, Half, Trust},
    clock::from_millis,
};

/// An appliance as it is kept, without its credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAppliance {
    pub appliance: Appliance,
    /// Since when its credential is not to be used; `None`: it may be.
    pub credential_refused_at: Option<At>,
    pub created: At,
    /// Why where it is and how it is reached cannot be read: nothing is asked there until somebody describes it again.
    pub unreadable: Option<String>,
}

type Row = (i64, String, String, Option<i64>, i64);

/// One that cannot be read stays in every list, by its title.
fn stored((id, title, spec, refused_at, created): Row) -> Result<StoredAppliance, Error> {
    let what = format!("what is stored of the appliance {title}");
    let (spec, unreadable) = match Error::of_one_row(column::parse(&spec, &what))? {
        Ok(spec) => (spec, None),
        Err(sentence) => (nowhere(title), Some(sentence)),
    };
    Ok(StoredAppliance {
        appliance: Appliance { id: ApplianceId(id), spec },
        credential_refused_at: refused_at.map(from_millis),
        created: from_millis(created),
        unreadable,
    })
}

/// No address, and a way that leads nowhere: the nodes beside an appliance are reached by its way, and without it nobody may
/// go another one.
fn nowhere(title: String) -> ApplianceSpec {
    let connect = ConnectBy::Socks5 { proxy: String::new() };
    let (host, user) = (String::new(), String::new());
    let first = Half { tls: true, host, port: 443, connect, trust: Trust::System };
    ApplianceSpec { title, user, first, second: None }
}

/// `secret` comes encrypted. `Taken { what: "title" }` where another one is called so.
pub async fn add_appliance_in(
    conn: &mut Conn,
    spec: &ApplianceSpec,
    secret: &[u8],
    at: At,
) -> Result<ApplianceId, Error> {
    let id = sqlx::query_scalar(
        "INSERT INTO appliances (title, spec, secret, created) VALUES ($1, $2, $3, $4) RETURNING id",
    )
    .bind(spec.title.as_str())
    .bind(column::json(spec)?)
    .bind(secret)
    .bind(at.as_millisecond())
    .fetch_one(conn)
    .await?;
    Ok(ApplianceId(id))
}

/// Another credential, encrypted; whether the old one was refused says nothing about it.
pub async fn set_secret_in(conn: &mut Conn, id: ApplianceId, secret: &[u8]) -> Result<(), Error> {
    let done = sqlx::query(
        "UPDATE appliances SET secret = $2, credential_refused_at = NULL WHERE id = $1 AND removed_at IS NULL",
    )
    .bind(id.0)
    .bind(secret)
    .execute(conn)
    .await?;
    if done.rows_affected() == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// The same credential, encrypted for other addresses; that it was refused stays true.
pub async fn reseal_secret_in(conn: &mut Conn, id: ApplianceId, secret: &[u8]) -> Result<(), Error> {
    let done = sqlx::query("UPDATE appliances SET secret = $2 WHERE id = $1 AND removed_at IS NULL")
        .bind(id.0)
        .bind(secret)
        .execute(conn)
        .await?;
    if done.rows_affected() == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Another address, account, way or pin; another title too. `Taken { what: "title" }` where another one is called so.
pub async fn set_spec_in(conn: &mut Conn, id: ApplianceId, spec: &ApplianceSpec) -> Result<(), Error> {
    let done = sqlx::query("UPDATE appliances SET title = $2, spec = $3 WHERE id = $1 AND removed_at IS NULL")
        .bind(id.0)
        .bind(spec.title.as_str())
        .bind(column::json(spec)?)
        .execute(conn)
        .await?;
    if done.rows_affected() == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// The credential is not to be used from now on, if it is still the one that was shown. The first refusal counts: later
/// ones keep its time. False where it is another one by now, or the appliance is gone.
pub async fn refuse_credential_in(conn: &mut Conn, id: ApplianceId, shown: &[u8], at: At) -> Result<bool, Error> {
    let done = sqlx::query(
        "UPDATE appliances SET credential_refused_at = coalesce(credential_refused_at, $3)
         WHERE id = $1 AND secret = $2",
    )
    .bind(id.0)
    .bind(shown)
    .bind(at.as_millisecond())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// It may be tried again; false where it might all along.
pub async fn release_credential_in(conn: &mut Conn, id: ApplianceId) -> Result<bool, Error> {
    let done = sqlx::query(
        "UPDATE appliances SET credential_refused_at = NULL WHERE id = $1 AND credential_refused_at IS NOT NULL",
    )
    .bind(id.0)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

impl Store {
    pub async fn add_appliance(&self, spec: &ApplianceSpec, secret: &[u8], at: At) -> Result<ApplianceId, Error> {
        let (spec, secret) = (spec.clone(), secret.to_owned());
        self.write(move |conn| Box::pin(async move { add_appliance_in(conn, &spec, &secret, at).await })).await
    }

    pub async fn appliance(&self, id: ApplianceId) -> Result<StoredAppliance, Error> {
        let row = sqlx::query_as(
            "SELECT id, title, spec, credential_refused_at, created FROM appliances WHERE id = $1 AND removed_at IS NULL",
        )
        .bind(id.0)
        .fetch_one(self.readers())
        .await?;
        stored(row)
    }

    /// By title.
    pub async fn appliances(&self) -> Result<Vec<StoredAppliance>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, title, spec, credential_refused_at, created FROM appliances WHERE removed_at IS NULL ORDER BY title",
        )
        .fetch_all(self.readers())
        .await?;
        rows.into_iter().map(stored).collect()
    }

    /// The credential, still encrypted.
    pub async fn secret(&self, id: ApplianceId) -> Result<Vec<u8>, Error> {
        Ok(sqlx::query_scalar("SELECT secret FROM appliances WHERE id = $1 AND removed_at IS NULL")
            .bind(id.0)
            .fetch_one(self.readers())
            .await?)
    }

    pub async fn set_secret(&self, id: ApplianceId, secret: &[u8]) -> Result<(), Error> {
        let secret = secret.to_owned();
        self.write(move |conn| Box::pin(async move { set_secret_in(conn, id, &secret).await })).await
    }

    pub async fn refuse_credential(&self, id: ApplianceId, shown: &[u8], at: At) -> Result<bool, Error> {
        let shown = shown.to_owned();
        self.write(move |conn| Box::pin(async move { refuse_credential_in(conn, id, &shown, at).await })).await
    }

    pub async fn release_credential(&self, id: ApplianceId) -> Result<bool, Error> {
        self.write(move |conn| Box::pin(release_credential_in(conn, id))).await
    }
}
