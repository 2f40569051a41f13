//! What a job is handed and what it gives back.

use crate::Error;
use std::{future::Future, pin::Pin};

/// A connection, as a job is handed it.
pub type Conn = sqlx::SqliteConnection;

/// What a job gives back.
pub type WriteWork<'c, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'c>>;
