//! One person: what they may do, whether they may come in, and where they are signed in.

use super::{list::state, rights::Rights};
use crate::{
    pages::{account::Sessions, asked, done, filled, layout::Page, loaded, param, stored},
    routes,
    ui::{
        badge::Badge,
        field::{Filled, Text},
        form::{ButtonForm, Token},
        notice::{Note, Problem},
        prose::prose,
        time::Time,
    },
};
use leptos::{either::Either, prelude::*};
use model::{
    PersonId,
    fields::Typed,
    person::{RightsForm, sees},
};
use services::MemberView;

/// The three forms of the page, as they were left.
struct Forms {
    rights: Filled,
    password: Filled,
    password_done: Option<String>,
    state: Filled,
}

async fn forms(id: PersonId, member: &MemberView) -> Result<Forms, services::Failure> {
    let rights = RightsForm::of(member.person.role, &member.person.scope);
    let password = filled(&routes::set_password_form(id), Typed::default()).await?;
    Ok(Forms {
        rights: filled(&routes::rights_form(id), stored(&rights)).await?,
        password_done: done(&routes::set_password_form(id), &password).await?,
        password,
        state: filled(&routes::state_form(id), Typed::default()).await?,
    })
}

#[component]
pub fn Show() -> impl IntoView {
    let (asked, id) = (asked(), param::<PersonId>("id", "such person"));
    let load = async move {
        let (services, cx) = asked?;
        let (admin, id) = (cx.admin()?, id?);
        let member = services.team().show(&admin, id).await?;
        let forms = forms(id, &member).await?;
        let own = cx.person().id == id;
        let names = services.log().choices(&cx).await?.clusters;
        Ok((member, forms, services.clusters().choices(&cx).await?, names, own))
    };
    loaded(load, |(member, forms, clusters, names, own)| {
        let (tone, word) = state(&member);
        let id = member.person.id;
        let disabled = member.disabled_at;
        let person = move || vec![("person", id.to_string())];
        let any = !member.sessions.is_empty();
        view! {
            <Page title=member.person.name.clone()>
                <p class="crumbs">
                    <a href=routes::TEAM>"Team"</a>
                </p>
                <h1>{member.person.name.clone()}</h1>
                <p class="verdict">
                    <Badge tone word />
                    <span class="sub">
                        {format!("{}, sees {}", member.person.role.word(), sees(&member.person.scope, &names))}
                    </span>
                    <span class="sub">"added " <Time at=member.created /></span>
                    {member.last_seen.map(|at| view! { <span class="sub">"last seen " <Time at /></span> })}
                    {disabled.map(|at| view! { <span class="sub">"disabled " <Time at /></span> })}
                </p>
                <div class="columns">
                    <section>
                        <h2>"Role and scope"</h2>
                        {forms.rights.problem().map(|sentence| view! { <Problem sentence /> })}
                        <form method="post" action="/rpc/change_rights" class="stack">
                            <Token door="/rpc/change_rights" />
                            <input type="hidden" name="person" value=id.to_string() />
                            <Rights filled=forms.rights clusters />
                            <button type="submit" class="button primary">
                                "Save role and scope"
                            </button>
                        </form>
                    </section>
                    <section>
                        <h2>"Password"</h2>
                        {forms.password_done.map(|sentence| view! { <Note tone="good" sentence /> })}
                        {if own {
                            Either::Left(
                                view! {
                                    <p>
                                        "Your own is changed on " <a href=routes::ACCOUNT>"your account's page"</a> "."
                                    </p>
                                },
                            )
                        } else {
                            Either::Right(
                                view! {
                                    <form method="post" action="/rpc/set_password" class="stack">
                                        <Token door="/rpc/set_password" />
                                        <input type="hidden" name="person" value=id.to_string() />
                                        <Text
                                            filled=forms.password
                                            name="password"
                                            label="New password"
                                            kind="password"
                                            complete="new-password"
                                            hint="At least 12 characters. Ends all of their sessions."
                                        />
                                        <button type="submit" class="button">
                                            "Set the password"
                                        </button>
                                    </form>
                                },
                            )
                        }}
                        <Coming filled=forms.state disabled=disabled.is_some() fields=person() />
                    </section>
                </div>
                <section>
                    <h2>"Sessions"</h2>
                    <Sessions lines=member.sessions action="/rpc/end_session" fields=person() />
                    {any
                        .then(|| {
                            view! {
                                <div class="apart">
                                    <ButtonForm
                                        action="/rpc/end_session"
                                        label="End all sessions"
                                        class="button danger"
                                        fields=person()
                                    />
                                    <p class="field-hint">"They are signed out everywhere at once, and told so."</p>
                                </div>
                            }
                        })}
                </section>
            </Page>
        }
    })
}

/// Whether they may come in, and the switch.
#[component]
fn Coming(filled: Filled, disabled: bool, fields: Vec<(&'static str, String)>) -> impl IntoView {
    let problem = filled.error("state");
    let invalid = problem.is_some().then_some("true");
    view! {
        <h2>"Sign-in"</h2>
        <div class="field" data-invalid=invalid>
            {if disabled {
                view! { <ButtonForm action="/rpc/enable_person" label="Enable" fields /> }
            } else {
                view! { <ButtonForm action="/rpc/disable_person" label="Disable" fields /> }
            }}
            {problem.map(|sentence| view! { <p class="field-error">{prose(&sentence)}</p> })}
            <p class="field-hint">
                "Who is disabled cannot sign in and is signed out everywhere. People are never removed, because the log names them."
            </p>
        </div>
    }
}
