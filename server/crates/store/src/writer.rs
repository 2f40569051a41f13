//! The one writing connection of a file, behind a task that commits all that waits in one transaction.

use crate::{Conn, Error, WriteWork, identity::Identity};
use model::health::ConsoleTrouble;
use sqlx::Connection;
use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::Poll,
};
use tokio::sync::{mpsc, oneshot};

/// Jobs that may wait before callers wait to hand theirs in.
const QUEUE: usize = 1024;
/// Jobs in one transaction: enough to share a sync among many, few enough that the first need not wait long.
const BATCH: usize = 256;

/// The handle to the task. The task ends when it is told to, or when the last handle is gone.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Message>,
    task: tokio::task::Id,
    commits: Arc<AtomicU64>,
    /// Why the last transaction could not be written, if it is more than its own fault.
    trouble: Arc<Mutex<Option<ConsoleTrouble>>>,
}

enum Message {
    Job(Box<dyn Job>),
    Close(oneshot::Sender<()>),
}

impl Writer {
    /// `identity`: of the file that must be there for anything to be written.
    pub(crate) fn start(conn: Conn, identity: Option<Identity>) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let commits = Arc::new(AtomicU64::new(0));
        let trouble = Arc::default();
        let desk = Desk { conn, identity, commits: Arc::clone(&commits), trouble: Arc::clone(&trouble) };
        let task = tokio::spawn(desk.serve(waiting)).id();
        Self { queue, task, commits, trouble }
    }

    /// What keeps everything from being written, by the last try.
    pub(crate) fn trouble(&self) -> Option<ConsoleTrouble> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Conn) -> WriteWork<'c, T> + Send + 'static,
    {
        // It would wait for itself.
        if tokio::task::try_id() == Some(self.task) {
            return Err(Error::mistake("a write inside a write"));
        }
        let (answer, answered) = oneshot::channel();
        let job = Box::new(Pending { work: Some(work), outcome: Err(Error::Closed), answer });
        self.queue.send(Message::Job(job)).await.map_err(|_| Error::Closed)?;
        answered.await.unwrap_or(Err(Error::Closed))
    }

    pub(crate) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Returns when all that was handed in before is committed and the connection is closed.
    pub(crate) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.queue.send(Message::Close(done)).await.is_ok() {
            closed.await.ok();
        }
    }
}

/// A piece of work whose result type only its caller knows.
trait Job: Send {
    /// Does the work and keeps its result.
    fn run<'c>(&'c mut self, conn: &'c mut Conn) -> WriteWork<'c, ()>;

    /// Hands out the result, or why it is lost.
    fn answer(self: Box<Self>, committed: Result<(), Error>);
}

struct Pending<T, F> {
    work: Option<F>,
    outcome: Result<T, Error>,
    answer: oneshot::Sender<Result<T, Error>>,
}

impl<T, F> Job for Pending<T, F>
where
    T: Send,
    F: for<'c> FnOnce(&'c mut Conn) -> WriteWork<'c, T> + Send,
{
    fn run<'c>(&'c mut self, conn: &'c mut Conn) -> WriteWork<'c, ()> {
        Box::pin(async move {
            let Some(work) = self.work.take() else { return Err(Error::mistake("a job was run twice")) };
            self.outcome = unwound(work, conn).await;
            self.outcome.as_ref().map(|_| ()).map_err(Clone::clone)
        })
    }

    fn answer(self: Box<Self>, committed: Result<(), Error>) {
        // A failed send: the caller has stopped waiting.
        self.answer.send(committed.and(self.outcome)).ok();
    }
}

/// A panicking job is a failed job; the others go on.
async fn unwound<T, F>(work: F, conn: &mut Conn) -> Result<T, Error>
where
    F: for<'c> FnOnce(&'c mut Conn) -> WriteWork<'c, T>,
{
    let panicked = || Error::mistake("a write panicked");
    let mut work = catch_unwind(AssertUnwindSafe(|| work(conn))).map_err(|_| panicked())?;
    poll_fn(|cx| {
        catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))).unwrap_or_else(|_| Poll::Ready(Err(panicked())))
    })
    .await
}

/// What the task works with.
struct Desk {
    conn: Conn,
    identity: Option<Identity>,
    commits: Arc<AtomicU64>,
    trouble: Arc<Mutex<Option<ConsoleTrouble>>>,
}

impl Desk {
    /// Nothing is on disk of what went into a file that is not there any more: so before, and after it all.
    fn in_place(&self) -> Result<(), Error> {
        self.identity.as_ref().map_or(Ok(()), Identity::check)
    }

    async fn commit(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<(), Error> {
        self.in_place()?;
        transaction(&mut self.conn, jobs).await?;
        self.in_place()
    }

    fn learn(&self, committed: &Result<(), Error>) {
        let trouble = match committed {
            Ok(()) => None,
            Err(error) => match error.trouble() {
                Some(trouble) => Some(trouble),
                // About that one write alone: what was known stays.
                None => return,
            },
        };
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    async fn serve(mut self, mut waiting: mpsc::Receiver<Message>) {
        let mut messages = Vec::new();
        let mut closing = Vec::new();
        while closing.is_empty() && waiting.recv_many(&mut messages, BATCH).await > 0 {
            let mut jobs = Vec::new();
            for message in messages.drain(..) {
                match message {
                    // A job behind a close is dropped, which answers it with `Closed`.
                    Message::Job(job) if closing.is_empty() => jobs.push(job),
                    Message::Job(_) => {}
                    Message::Close(done) => closing.push(done),
                }
            }
            if jobs.is_empty() {
                continue;
            }
            let committed = self.commit(&mut jobs).await;
            if committed.is_ok() {
                self.commits.fetch_add(1, Ordering::Relaxed);
            }
            self.learn(&committed);
            for job in jobs {
                job.answer(committed.clone());
            }
        }
        drop(waiting);
        if let Err(error) = self.conn.close().await {
            tracing::warn!(%error, "closing a database");
        }
        for done in closing {
            done.send(()).ok();
        }
    }
}

/// All jobs in one transaction. `Err` means that nothing of any of them is on disk.
async fn transaction(conn: &mut Conn, jobs: &mut [Box<dyn Job>]) -> Result<(), Error> {
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *conn).await?;
    let done = jobs_in_turn(conn, jobs).await;
    if done.is_err() {
        // Where SQLite has rolled back by itself, this only says so.
        sqlx::query("ROLLBACK").execute(&mut *conn).await.ok();
    }
    done
}

async fn jobs_in_turn(conn: &mut Conn, jobs: &mut [Box<dyn Job>]) -> Result<(), Error> {
    // A single job needs no savepoint: its failure is the transaction's.
    if let [job] = jobs {
        job.run(conn).await?;
    } else {
        jobs_apart(conn, jobs).await?;
    }
    sqlx::query("COMMIT").execute(&mut *conn).await?;
    Ok(())
}

/// Each job in a savepoint, so that a failure undoes that job alone.
async fn jobs_apart(conn: &mut Conn, jobs: &mut [Box<dyn Job>]) -> Result<(), Error> {
    for job in jobs {
        sqlx::query("SAVEPOINT job").execute(&mut *conn).await?;
        if let Err(error) = job.run(conn).await {
            // On a full disk and the like, SQLite may have thrown the whole transaction away, savepoint included. Then
            // the error is everybody's: going on would write outside of any transaction.
            let kept = sqlx::query("ROLLBACK TO job").execute(&mut *conn).await;
            kept.map_err(|_| error)?;
        }
        sqlx::query("RELEASE job").execute(&mut *conn).await?;
    }
    Ok(())
}
