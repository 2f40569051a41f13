//! Several objects in one request, done one after the other until one is refused (`nitro.md` 1.9, 2.3).

use super::appliance::{FakeAppliance, Fault, Hit, Inner, Lists, Sent, lost, not_sent, refused};
use engine::ports::{Batched, PerformError, Reply};
use model::plan::Call;
use serde_json::Value as Json;

/// What becomes of one object.
enum Fate {
    Answered(Result<Reply, PerformError>),
    /// The answer to the whole is lost at this one.
    Lost,
}

impl FakeAppliance {
    pub(super) fn attempt_all(&self, call: &Call) -> (Option<Hit>, Batched) {
        let mut inner = self.inner();
        let hit = inner.strike();
        if let Some((Fault::NotSent, _)) = hit {
            return (hit, Batched::Whole(Err(not_sent())));
        }
        if inner.lists == Lists::Refused {
            return (hit, Batched::NotTaken(refused(1234, "Invalid JSON data type")));
        }
        let items = call.body.as_ref().and_then(Json::as_array).cloned().unwrap_or_default();
        let mut answers = Vec::new();
        let mut gone = false;
        for (index, item) in items.into_iter().enumerate() {
            let fault = hit.filter(|(_, at)| at.is_none_or(|at| at == index)).map(|(fault, _)| fault);
            let one = Call { body: Some(item), ..call.clone() };
            match inner.item(one, fault) {
                Fate::Answered(Ok(reply)) => answers.push(Ok(reply)),
                Fate::Answered(refusal) => {
                    answers.push(refusal);
                    break;
                }
                Fate::Lost => {
                    gone = true;
                    if hit.is_some_and(|(_, at)| at.is_some()) {
                        break;
                    }
                }
            }
        }
        let told = inner.lists == Lists::Told;
        let answer = match answers.last() {
            _ if gone => Batched::Whole(Err(lost())),
            Some(Err(_)) if told => Batched::Each(answers),
            Some(Err(error)) => Batched::Stopped(error.clone()),
            _ => Batched::Whole(Ok(Reply::default())),
        };
        (hit, answer)
    }
}

impl Inner {
    fn item(&mut self, call: Call, fault: Option<Fault>) -> Fate {
        let (applies, goes) = match fault {
            Some(Fault::LostAfter) => (true, true),
            Some(Fault::LostBefore) => (false, true),
            Some(Fault::LostAndBlind { applied } | Fault::Hangs { applied }) => (applied, true),
            Some(Fault::Refuse(_) | Fault::Ignored | Fault::NotSent) => (false, false),
            Some(Fault::PeerLags | Fault::ThenBlind | Fault::Failover) | None => (true, false),
        };
        let result = self.done(&call, applies);
        self.sent.push(Sent { call, applied: applies && result.is_ok() });
        if matches!(fault, Some(Fault::ThenBlind | Fault::LostAndBlind { .. })) {
            self.blind = true;
        }
        self.away |= fault == Some(Fault::Failover);
        match (fault, result) {
            _ if goes => Fate::Lost,
            (Some(Fault::Refuse(code)), _) => Fate::Answered(Err(refused(code, "Device busy"))),
            (_, Err((code, message))) => Fate::Answered(Err(refused(code, &message))),
            (Some(Fault::PeerLags), Ok(())) => Fate::Answered(Err(refused(349, "Command failed on secondary node"))),
            (_, Ok(())) => Fate::Answered(Ok(Reply::default())),
        }
    }
}
