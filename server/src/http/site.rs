//! What routes are made of.

use crate::http::{live::Live, reach::Reach};
use app::{cookies::Cookies, shell::SiteNames, visitor::Hints};
use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use services::Services;
use std::sync::Arc;

#[derive(Clone)]
pub struct Site {
    pub services: Services,
    pub names: SiteNames,
    pub cookies: Cookies,
    pub hints: Hints,
    /// Beginning of all request ids of this process.
    pub started: String,
    pub reach: Arc<Reach>,
    pub live: Arc<Live>,
    options: LeptosOptions,
}

impl Site {
    pub fn new(services: Services, names: SiteNames, reach: Reach, hints: Hints, started: String) -> Self {
        let (cookies, options) =
            (Cookies { secure: reach.secure }, LeptosOptions::builder().output_name("app").build());
        Self { services, names, cookies, hints, started, reach: Arc::new(reach), live: Arc::default(), options }
    }
}

impl FromRef<Site> for LeptosOptions {
    fn from_ref(site: &Site) -> Self {
        site.options.clone()
    }
}
