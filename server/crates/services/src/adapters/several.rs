//! From NITRO's answers to writes to the engine's, for one object and for several in one request (`nitro.md` 1.8, 2.3).

use engine::{Batched, PerformError, Reply};
use nitro::{ApiError, Error};
use serde_json::Value as Json;

/// The warning of a secondary (`nitro.md` 1.11).
const SECONDARY: i64 = 1028;

/// A secondary that takes a write all the same warns of it (1028): what it did is overwritten by the next synchronisation,
/// so it is a refusal.
pub fn answer(reply: nitro::Reply) -> Result<Reply, PerformError> {
    let sentence = reply.warning.as_ref().map(|warning| format!("The appliance warned: {}.", warning.message));
    let body = reply.redacted();
    match (reply.warning.and_then(|warning| warning.code), sentence) {
        (Some(code), Some(sentence)) if code == SECONDARY => Err(PerformError::Refused { sentence, code, reply: body }),
        (_, warning) => Ok(Reply { body, warning, here_only: false }),
    }
}

/// What an error says of a request for one object.
pub fn answer_of(error: &Error) -> Result<Reply, PerformError> {
    let sentence = error.sentence();
    let reply = words(error.api());
    // Applied on the primary, not on its peer: what counts here is that it took effect; reading back decides.
    if error.done_here_only() {
        return Ok(Reply { body: reply, warning: Some(sentence), here_only: true });
    }
    Err(if error.maybe_sent() {
        PerformError::InDoubt { sentence }
    } else if let Some(code) = error.code() {
        PerformError::Refused { sentence, code, reply }
    } else {
        PerformError::NotSent { sentence }
    })
}

/// What an error says of a request for `count` objects.
pub fn batched(error: &Error, count: usize) -> Batched {
    match error {
        Error::Bulk { items, .. } => results(error, items, count),
        // No word on any of them: the request as such was refused, or (some builds) the first that could not be done.
        Error::Api(api) if error.malformed() || error.unsupported() => Batched::NotTaken(refused(api)),
        Error::Api(api) => Batched::Stopped(refused(api)),
        _ => Batched::Whole(answer_of(error)),
    }
}

fn results(whole: &Error, items: &[Result<(), ApiError>], count: usize) -> Batched {
    let first = items.iter().position(Result::is_err);
    match (items, first) {
        // One for each, or for each up to the refused one.
        (items, Some(first)) if items.len() == count || (first > 0 && first + 1 == items.len()) => {
            Batched::Each(items.iter().map(item).collect())
        }
        // The refused one alone: which it is, reading back must show.
        (items, Some(first)) => match items.get(first) {
            Some(Err(api)) => Batched::Stopped(refused(api)),
            _ => Batched::Whole(answer_of(whole)),
        },
        _ => Batched::Whole(answer_of(whole)),
    }
}

fn item(result: &Result<(), ApiError>) -> Result<Reply, PerformError> {
    match result {
        Ok(()) => Ok(Reply::default()),
        Err(api) => answer_of(&Error::Api(api.clone())),
    }
}

fn refused(api: &ApiError) -> PerformError {
    PerformError::Refused { sentence: Error::Api(api.clone()).sentence(), code: api.code, reply: words(Some(api)) }
}

fn words(api: Option<&ApiError>) -> Option<Json> {
    // What cannot be written down is said in its place.
    api.map(|api| serde_json::to_value(api).unwrap_or_else(|error| Json::String(format!("{} ({error})", api.message))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use nitro::Severity;
    use serde_json::json;

    fn api(http: u16, code: i64) -> ApiError {
        ApiError { http, code, severity: Severity::Error, message: "as it says".into() }
    }

    fn bulk(items: Vec<Result<(), ApiError>>) -> Error {
        Error::Bulk { code: 1243, message: "Bulk operation failed".into(), items }
    }

    #[test]
    fn what_is_kept_of_an_answer_holds_no_secret() {
        let raw = json!({ "errorcode": 0, "message": "Done", "sessionid": "##1C8F", "lbmonitor": [{ "monitorname": "m",
            "Password": "geheim", "radkey": "geheim", "nested": { "ldapbinddnpasswd": "geheim" } }] });
        let reply = nitro::Reply { raw, ..nitro::Reply::default() };
        let kept = answer(reply).unwrap().body.unwrap();
        assert_eq!(kept["lbmonitor"][0]["monitorname"], "m");
        assert!(!kept.to_string().contains("geheim") && !kept.to_string().contains("1C8F"), "{kept}");
        // The refusal of a secondary keeps it as well.
        let warning = nitro::Warning { code: Some(SECONDARY), message: "secondary".into() };
        let raw = json!({ "errorcode": 1028, "passplain": "geheim" });
        let refused = answer(nitro::Reply { raw, warning: Some(warning), ..nitro::Reply::default() });
        assert!(refused.is_err() && !format!("{refused:?}").contains("geheim"), "{refused:?}");
    }

    #[test]
    fn an_answer_for_each_is_taken_for_each() {
        let all = bulk(vec![Ok(()), Err(api(409, 273)), Ok(())]);
        let Batched::Each(answers) = batched(&all, 3) else { panic!() };
        assert_eq!(answers.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
        // As far as it came.
        let some = bulk(vec![Ok(()), Err(api(409, 273))]);
        assert!(matches!(batched(&some, 5), Batched::Each(answers) if answers.len() == 2 && answers[1].is_err()));
        // The only one of one.
        assert!(matches!(batched(&bulk(vec![Err(api(409, 273))]), 1), Batched::Each(answers) if answers.len() == 1));
    }

    #[test]
    fn a_refusal_alone_does_not_say_whose_it_is() {
        let alone = batched(&bulk(vec![Err(api(409, 273))]), 3);
        assert!(matches!(alone, Batched::Stopped(PerformError::Refused { code: 273, .. })), "{alone:?}");
        let plain = batched(&Error::Api(api(599, 366)), 3);
        assert!(matches!(plain, Batched::Stopped(PerformError::Refused { code: 366, .. })), "{plain:?}");
    }

    #[test]
    fn an_old_build_does_not_take_several() {
        for (http, code) in [(400, 1233), (400, 1234), (400, 1095), (400, 1240)] {
            let answer = batched(&Error::Api(api(http, code)), 2);
            assert!(matches!(answer, Batched::NotTaken(PerformError::Refused { .. })), "{code}: {answer:?}");
        }
    }

    #[test]
    fn what_is_not_known_is_not_known_of_any() {
        let broken = Error::Transport { address: "10.0.0.10".into(), detail: "reset".into(), write: true };
        assert!(matches!(batched(&broken, 2), Batched::Whole(Err(PerformError::InDoubt { .. }))));
        assert!(matches!(batched(&Error::NotReady, 2), Batched::Whole(Err(PerformError::NotSent { .. }))));
        assert!(matches!(batched(&bulk(Vec::new()), 2), Batched::Whole(Err(PerformError::InDoubt { .. }))));
    }

    #[test]
    fn what_the_peer_missed_took_effect_here() {
        let Batched::Each(answers) = batched(&bulk(vec![Ok(()), Err(api(599, 349))]), 3) else { panic!() };
        assert!(matches!(&answers[1], Ok(Reply { warning: Some(_), here_only: true, .. })), "{answers:?}");
    }
}
