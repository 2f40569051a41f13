//! One's own account: password, and where one is signed in.

use super::{asked, done, filled, loaded};
use crate::{
    pages::layout::Page,
    routes,
    ui::{
        badge::Badge,
        field::Text,
        form::{ButtonForm, Token},
        notice::{Note, Problem},
        table::Table,
        time::Time,
    },
};
use leptos::{either::Either, prelude::*};
use model::{fields::Typed, person::sees, state::Tone};
use services::SessionLine;

#[component]
pub fn Show() -> impl IntoView {
    let asked = asked();
    let load = async move {
        let (services, cx) = asked?;
        let sessions = services.account().sessions(&cx).await?;
        let filled = filled(routes::PASSWORD_FORM, Typed::default()).await?;
        let done = done(routes::PASSWORD_FORM, &filled).await?;
        let scope = sees(cx.scope(), &services.log().choices(&cx).await?.clusters);
        Ok((cx.person().clone(), scope, sessions, filled, done))
    };
    loaded(load, |(person, scope, sessions, filled, done)| {
        let others = sessions.iter().any(|line| !line.current);
        view! {
            <Page title="Your account">
                <h1>"Your account"</h1>
                <p class="lead">{format!("You are signed in as {}, {}. You see {scope}.", person.name, person.role.word())}</p>
                <section>
                    <h2>"Sessions"</h2>
                    <Sessions lines=sessions action="/rpc/end_own_session" fields=Vec::new() />
                    {others
                        .then(|| {
                            view! {
                                <div class="apart">
                                    <ButtonForm action="/rpc/end_own_session" label="End all other sessions" />
                                </div>
                            }
                        })}
                </section>
                <section class="form-column">
                    <h2>"Password"</h2>
                    {done.map(|sentence| view! { <Note tone="good" sentence /> })}
                    {filled.problem().map(|sentence| view! { <Problem sentence /> })}
                    <form method="post" action="/rpc/change_password" class="stack">
                        <Token door="/rpc/change_password" />
                        <Text
                            filled=filled.clone()
                            name="old"
                            label="Present password"
                            kind="password"
                            complete="current-password"
                        />
                        <Text
                            filled=filled
                            name="password"
                            label="New password"
                            kind="password"
                            complete="new-password"
                            hint="At least 12 characters; longer is better than stranger. Ends your other sessions."
                        />
                        <button type="submit" class="button primary">
                            "Change the password"
                        </button>
                    </form>
                </section>
            </Page>
        }
    })
}

/// Sessions, each with its *End*. `fields` say whose they are.
#[component]
pub fn Sessions(lines: Vec<SessionLine>, action: &'static str, fields: Vec<(&'static str, String)>) -> impl IntoView {
    if lines.is_empty() {
        return view! { <p class="sub">"Signed in nowhere."</p> }.into_any();
    }
    let rows = lines.into_iter().map(move |line| {
        let mut fields = fields.clone();
        fields.push(("session", line.id));
        let session = line.session;
        let browser = browser(&session.agent);
        view! {
            <tr>
                <td>
                    {session.from}
                    {line.current.then(|| view! { " " <Badge tone=Tone::Good word="this session" /> })}
                </td>
                <td title=session.agent>{browser}</td>
                <td data-label="Since">
                    <Time at=session.created />
                </td>
                <td data-label="Last seen">
                    <Time at=session.last_seen />
                </td>
                <td>
                    {if line.current {
                        Either::Left(view! { <span class="sub">"by signing out"</span> })
                    } else {
                        Either::Right(view! { <ButtonForm action label="End" fields /> })
                    }}
                </td>
            </tr>
        }
    });
    view! {
        <Table headings=vec!["Address", "Browser", "Since", "Last seen", "End"] cards=true>{rows.collect_view()}</Table>
    }
    .into_any()
}

/// `Firefox on Linux`, as far as the browser says so; otherwise its own words.
fn browser(agent: &str) -> String {
    // Each of these also calls itself by the names after it.
    let names = [("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let find =
        |known: &[(&str, &'static str)]| known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (find(&names), find(&systems)) {
        (Some(name), Some(system)) => format!("{name} on {system}"),
        (Some(name), None) => name.to_owned(),
        _ if agent.is_empty() => "not said".to_owned(),
        _ => agent.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_named_as_people_know_them() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        assert_eq!(browser(chrome), "Chrome on Windows");
        assert_eq!(browser(&format!("{chrome} Edg/140.0")), "Edge on Windows");
        assert_eq!(
            browser("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
            "Firefox on Linux"
        );
        assert_eq!(browser("curl/8.5.0"), "curl/8.5.0");
        assert_eq!(browser(""), "not said");
    }
}
