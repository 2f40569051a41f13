//! Whatever is typed into the forms and in whatever order: what saving refuses is never saved.

use model::desired::{
    Desired, DnsForm, GatewayForm, GroupsForm, MamForm, MdmForm, NodesForm, SetUpProblem, Step, StepForm, refused,
};
use proptest::{collection::vec, prelude::*, sample::select};

/// Few, so that they meet; some that no field takes.
fn address() -> impl Strategy<Value = String> {
    select(vec!["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "0.0.0.0", "x"]).prop_map(str::to_owned)
}

fn name() -> impl Strategy<Value = String> {
    let long: &'static str = Box::leak("n".repeat(126).into_boxed_str());
    select(vec!["a", "A", "a-sg", "b", "B-SG", "b-sg", "c", "c-sg", long, "", "9"]).prop_map(str::to_owned)
}

fn line() -> impl Strategy<Value = String> {
    let id = select(vec!["", "1", "2", "3", "-1"]);
    (address(), name(), id).prop_map(|(address, name, id)| format!("{address} {name} {id}"))
}

fn form() -> impl Strategy<Value = StepForm> {
    let nodes = vec(line(), 0..4).prop_map(|lines| NodesForm { nodes: lines.join("\n") }.into());
    let mdm = (address(), name(), name()).prop_map(|(vip, vserver_443, vserver_8443)| {
        MdmForm { vip, vserver_443, vserver_8443, ..MdmForm::fresh("x") }.into()
    });
    let certificate = select(vec!["", "w", " "]).prop_map(str::to_owned);
    let mam = (address(), name(), certificate)
        .prop_map(|(vip, vserver, certificate)| MamForm { vip, vserver, certificate }.into());
    let groups = (name(), name(), name())
        .prop_map(|(mdm_443, mdm_8443, mam_8443)| GroupsForm { mdm_443, mdm_8443, mam_8443 }.into());
    let gateway = (name(), name()).prop_map(|(gateway, actions)| GatewayForm { gateway, actions }.into());
    let dns = select(vec!["make", "none", ""]).prop_map(|record| DnsForm { record: record.into() }.into());
    prop_oneof![3 => nodes, 3 => mdm, 3 => mam, 2 => groups, 1 => gateway, 1 => dns]
}

/// As a console saves it: what is refused changes nothing.
fn save(latest: &Desired, form: &StepForm) -> Option<Desired> {
    let wanted = form.apply(latest, &[]).ok()?;
    refused(latest, &wanted, Some(form.step())).is_empty().then_some(wanted)
}

fn contradictions(desired: &Desired) -> Vec<SetUpProblem> {
    desired.check().into_iter().filter(|problem| !problem.is_lack()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_saving_refuses_is_never_saved(forms in vec(form(), 1..24)) {
        let mut latest = Desired::blank("xms.example.com");
        for form in &forms {
            latest = save(&latest, form).unwrap_or(latest);
            prop_assert_eq!(contradictions(&latest), [], "after {:?}", form);
        }
    }

    /// Beginning with a set-up that contradicts itself, as another program may have left it: the step that is saved has
    /// nothing of that any more, and no other has more of it.
    #[test]
    fn saving_never_makes_it_worse(left in vec(form(), 1..12), forms in vec(form(), 1..12)) {
        let mut latest = Desired::blank("xms.example.com");
        for form in &left {
            latest = form.apply(&latest, &[]).unwrap_or(latest);
        }
        for form in &forms {
            let Some(saved) = save(&latest, form) else { continue };
            let (before, after) = (contradictions(&latest), contradictions(&saved));
            prop_assert!(after.iter().all(|problem| before.iter().any(|was| problem.is_still(was)) && !problem.is_at(form.step())));
            latest = saved;
        }
    }

    #[test]
    fn leaving_a_step_out_breaks_nothing(forms in vec(form(), 1..24)) {
        let mut latest = Desired::blank("xms.example.com");
        for form in &forms {
            latest = save(&latest, form).unwrap_or(latest);
        }
        for rest in Step::ALL.into_iter().filter_map(|step| step.left_out(&latest)) {
            prop_assert_eq!(contradictions(&rest), []);
        }
    }
}
