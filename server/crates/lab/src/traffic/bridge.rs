//! Passing bytes on: `SSL_BRIDGE`, TCP, and whatever else is not read.

use super::{
    End, Visit,
    balance::{Ask, Choice, choose, remember},
    hello::{First, Step},
    serving,
    stay::{Hold, until_cut},
    tap::Tap,
};
use crate::{
    model::{Gauge, Id, Traffic, by_id, scope},
    node::Reach,
    shared::Shared,
};
use std::{io, sync::Arc};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional},
    net::TcpStream,
};

/// Serves one connection.
pub(super) async fn serve<S>(
    shared: &Arc<Shared>,
    appliance: usize,
    vserver: Id,
    visit: Visit,
    stream: &mut S,
) -> io::Result<End>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let Some((traffic, by_session)) = about(shared, appliance, vserver) else { return Ok(End::Reset) };
    let _client = traffic.begin(Gauge::Clients);
    let mut first = First::default();
    let session = if by_session { hello(stream, &mut first).await? } else { None };
    let Some(choice) = pick(shared, appliance, vserver, visit, session.as_deref()) else { return Ok(End::Reset) };
    traffic.hit();
    let mut hold = Hold { shared: Arc::clone(shared), appliance, keys: choice.held.clone() };
    let _active = choice.traffic.begin(Gauge::Active);
    let address = match shared.nodes.reach(choice.address, choice.port) {
        Reach::Port { address, .. } => address,
        Reach::Closed | Reach::Nowhere => return Ok(End::Reset),
    };
    let Ok(mut server) = TcpStream::connect(address).await else { return Ok(End::Reset) };
    server.set_nodelay(true)?;
    let _server =
        (traffic.begin(Gauge::Servers), choice.traffic.begin(Gauge::Servers), choice.traffic.begin(Gauge::Clients));
    both(&traffic, &choice.traffic, |traffic| traffic.carry_in(first.bytes().len()));
    server.write_all(first.bytes()).await?;

    let (keys, mut answer) = (&mut hold.keys, by_session.then(First::default));
    let note = |bytes: &[u8]| {
        // The server's hello says which session this is.
        if let Some(Step::Done(session)) = answer.as_mut().map(|answer| answer.server(bytes)) {
            answer = None;
            keys.extend(session.and_then(|session| note_session(shared, appliance, &choice, &session)));
        }
        both(&traffic, &choice.traffic, |traffic| traffic.carry_out(bytes.len()));
    };
    let mut server = Tap {
        stream: server,
        read: note,
        wrote: |bytes: &[u8]| {
            both(&traffic, &choice.traffic, |traffic| traffic.carry_in(bytes.len()));
        },
    };
    tokio::select! {
        carried = copy_bidirectional(stream, &mut server) => carried.map(|_| End::Closed),
        () = until_cut(shared, appliance, choice.vserver, Some(choice.member)) => Ok(End::Reset),
    }
}

/// The counters, and whether the session matters.
fn about(shared: &Shared, appliance: usize, vserver: Id) -> Option<(Arc<Traffic>, bool)> {
    let world = shared.world();
    let config = serving(&world, appliance)?;
    let vserver = by_id(&config.vservers, vserver)?;
    let standing = vserver.standing(config).unwrap_or(vserver);
    Some((Arc::clone(&vserver.traffic), scope(config, standing).kind() == "SSLSESSION"))
}

fn pick(shared: &Shared, appliance: usize, vserver: Id, visit: Visit, session: Option<&[u8]>) -> Option<Choice> {
    let mut world = shared.world();
    let now = world.clock.now();
    let ask = Ask { client: visit.client, destination: visit.destination, session, request: None };
    choose(world.appliances.get_mut(appliance)?, vserver, &ask, now)
}

fn note_session(shared: &Shared, appliance: usize, choice: &Choice, session: &[u8]) -> Option<crate::model::Key> {
    let mut world = shared.world();
    let now = world.clock.now();
    remember(world.appliances.get_mut(appliance)?, choice, session, now)
}

/// Reads as far as the session that the client wants to go on with.
async fn hello<S: AsyncRead + Unpin>(stream: &mut S, first: &mut First) -> io::Result<Option<Vec<u8>>> {
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).await?;
        let step = first.client(buffer.get(..count).unwrap_or_default());
        match step {
            Step::Done(session) => return Ok(session),
            Step::More if count == 0 => return Ok(None),
            Step::More => {}
        }
    }
}

fn both(one: &Traffic, other: &Traffic, count: impl Fn(&Traffic)) {
    count(one);
    count(other);
}
