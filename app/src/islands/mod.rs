//! What moves in the browser. Few, small, without knowledge of the field. An `ActionForm`
//! or a `Resource` in here would cost more than all of them together.

pub mod live;

pub use live::Live;
