//! Which half of a pair an appliance says that it is.

use model::PairRole;
use nitro::resource::HaRole;

pub fn role(word: &HaRole) -> PairRole {
    word.to_string().into()
}
