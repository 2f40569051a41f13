//! The crate from outside: one binary, so that it is linked once.

mod fuzz;
mod numbers;
