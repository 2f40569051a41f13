//! The state words of NITRO's configuration answers (3.0).

/// What an object does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Up,
    Down,
    OutOfService,
    GoingOutOfService,
    DownWhenGoingOutOfService,
}

impl State {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Up => "UP",
            Self::Down => "DOWN",
            Self::OutOfService => "OUT OF SERVICE",
            Self::GoingOutOfService => "GOING OUT OF SERVICE",
            Self::DownWhenGoingOutOfService => "DOWN WHEN GOING OUT OF SERVICE",
        }
    }
}

/// `servicegroupeffectivestate`, by the rule of 3.7. An empty group is DOWN, as captured.
pub(crate) fn effective(members: impl Iterator<Item = State>) -> &'static str {
    let (mut up, mut down, mut out) = (0, 0, 0);
    for state in members {
        match state {
            State::Up => up += 1,
            State::Down | State::DownWhenGoingOutOfService => down += 1,
            State::OutOfService | State::GoingOutOfService => out += 1,
        }
    }
    match (up, down, out) {
        (0, _, 0) => "DOWN",
        (_, 0, 0) => "UP",
        (0, 0, _) => "OUT OF SERVICE",
        (0, _, _) => "PARTIAL-DOWN",
        _ => "PARTIAL-UP",
    }
}

#[cfg(test)]
mod tests {
    use super::{
        State::{Down, OutOfService, Up},
        *,
    };

    #[test]
    fn the_group_rule() {
        for (members, word) in [
            (vec![], "DOWN"),
            (vec![Up, Up], "UP"),
            (vec![Down, Down], "DOWN"),
            (vec![OutOfService], "OUT OF SERVICE"),
            (vec![Up, Down], "PARTIAL-UP"),
            (vec![Up, OutOfService], "PARTIAL-UP"),
            (vec![Down, OutOfService], "PARTIAL-DOWN"),
        ] {
            assert_eq!(effective(members.iter().copied()), word, "{members:?}");
        }
    }
}
