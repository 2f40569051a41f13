//! The menu program of a node, driven without I/O (`xenmobile.md` 3, 10.3): bytes in, bytes to send out.
//!
//! [`Screen`] turns terminal output into lines; [`menu`] recognises a menu; [`Driver`] goes to entries by their
//! **text** and collects what they print; [`answers`] reads that. Nothing here changes a node.

pub mod answers;
mod driver;
pub mod menu;
mod screen;

pub use answers::{ClusterStatus, Member, MemberStatus, Role};
pub use driver::{Driver, DriverStep, Reply, Task, Transcript, Visit};
pub use menu::{Menu, MenuEntry};
pub use screen::Screen;
