//! Through what forms come in.

/// All doors, as the program itself registered them.
pub fn all() -> Vec<&'static str> {
    leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect()
}
