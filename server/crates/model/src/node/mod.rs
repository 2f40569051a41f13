//! XMS nodes as people and pages speak of them: accounts, keys, what each node said and when, and whether it has joined.

mod access;
mod backends;
mod door;
mod facts;
mod groundwork;
mod ids;
mod join;
mod keys;
mod membership;
mod port;
mod reading;
mod remarks;
mod standing;
mod survey;
mod trouble;

pub use access::{Account, NodeAccess, NodeAccessForm};
pub use backends::{Apns, Directory, Licence, Licences};
pub use door::Door;
pub use facts::{Member, Members, NodeFacts, Told};
pub use groundwork::{Ground, groundwork};
pub use ids::{IdFact, IdKey, Source, computed_id, same_id};
pub use join::{Joined, Question, first_node, joining_node};
pub use keys::{Accepted, KeyChange, Keys, NodeKeys, Offered};
pub use membership::{Belonging, Lists, Membership, list_round};
pub use port::{PortFact, Web};
pub use reading::{Hindrance, hindrances};
pub use remarks::{IdRemark, agreement, id_remarks};
pub use standing::{MANAGEMENT_PORT, NodeStanding, SERVICE_PORTS};
pub use survey::{Apart, Survey, survey};
pub use trouble::{Trouble, TroubleKind};
