//! Pieces without data: they know no server function and no service, only words of `model`.

pub mod badge;
pub mod field;
pub mod form;
pub mod notice;
pub mod prose;
pub mod table;
pub mod time;
