//! A set-up that contradicts itself: what is saved never does, and what others left is shown and can be mended.

use crate::support::{World, mdm_form, world};
use model::{
    ClusterId,
    desired::{GroupsForm, MamForm, MdmForm, NodesForm, Step},
};
use services::{Failure, StepForm};

async fn refused(world: &World, id: ClusterId, form: StepForm, field: &str) -> String {
    match world.save(id, form).await {
        Err(Failure::Fields(errors)) => errors.get(field).unwrap_or_else(|| panic!("{field}: {errors:?}")).to_owned(),
        other => panic!("{field}: {other:?}"),
    }
}

async fn states(world: &World, id: ClusterId) -> Vec<(Step, &'static str)> {
    let setup = world.services.setup().show(&world.cx, id).await.unwrap();
    Step::ALL[1..].iter().map(|step| (*step, setup.state(*step).word())).collect()
}

/// As another program could have saved it: MDM at the address of MAM.
async fn plant(world: &World) {
    let sql = "INSERT INTO desired_versions (cluster, number, desired, made_by_name, at)
        SELECT cluster, number + 1, json_set(desired, '$.mdm.vip', json_extract(desired, '$.mam.vip')), 'ada', at
        FROM desired_versions ORDER BY number DESC LIMIT 1";
    world.plant(sql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_step_breaks_is_refused_beside_its_field() {
    let world = world().await;
    let id = world.whole().await;
    let before = world.services.setup().show(&world.cx, id).await.unwrap().version;
    let nodes = |typed: &str| StepForm::Nodes(NodesForm { nodes: typed.into() });
    let mam = |vip: &str, certificate: &str| {
        StepForm::Mam(MamForm { vip: vip.into(), certificate: certificate.into(), ..MamForm::fresh("Berlin") })
    };
    let groups = GroupsForm { mdm_443: "a".into(), mdm_8443: "b".into(), mam_8443: "A".into() };
    for (form, field, part) in [
        (nodes("10.20.40.52 xms01 1"), "nodes", "virtual server"),
        (nodes("10.20.30.11 a 7\n10.20.30.12 b 7"), "nodes", "another node"),
        (StepForm::Mdm(MdmForm { vip: "10.20.40.52".into(), ..mdm_form() }), "vip", "MAM address"),
        (StepForm::Mdm(MdmForm { vserver_443: "v".repeat(126), ..mdm_form() }), "vserver_443", "too long"),
        (mam("10.20.30.12", "wildcard-example"), "vip", "address of a node"),
        (mam("10.20.40.52", " "), "certificate", "Choose the certificate"),
        (StepForm::Groups(groups), "mam_8443", "another group"),
    ] {
        let said = refused(&world, id, form, field).await;
        assert!(said.contains(part), "{said}");
    }
    assert_eq!(world.services.setup().show(&world.cx, id).await.unwrap().version, before, "nothing was saved");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_left_is_shown_and_hinders_no_other_step() {
    let world = world().await;
    let id = world.whole().await;
    plant(&world).await;
    let setup = world.services.setup().show(&world.cx, id).await.unwrap();
    for (step, part) in [(Step::Mdm, "is the MAM address"), (Step::Mam, "is the MDM address")] {
        let said = setup.conflicts(step);
        assert!(said.len() == 1 && said[0].contains(part), "{step:?}: {said:?}");
        assert_eq!(setup.state(step).word(), "blocked");
    }
    assert!(Step::ALL.iter().all(|step| matches!(step, Step::Mdm | Step::Mam) || setup.conflicts(*step).is_empty()));
    // Another step, by a form and by a button.
    let nodes = "10.20.30.11 xms01 169090571\n10.20.30.12 xms02 169090572";
    world.save(id, StepForm::Nodes(NodesForm { nodes: nodes.into() })).await.unwrap();
    world.services.setup().leave_out(&world.cx.writer().unwrap(), id, Step::Dns, None).await.unwrap();
    // Its own step is told until it is mended.
    let still = MdmForm { vip: "10.20.40.52".into(), timeout: "30".into(), ..mdm_form() };
    assert!(refused(&world, id, StepForm::Mdm(still), "vip").await.contains("MAM address"));
    world.save(id, StepForm::Mdm(mdm_form())).await.unwrap();
    assert!(states(&world, id).await.iter().all(|(_, word)| *word != "blocked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn going_back_to_a_contradiction_is_refused_in_words_of_the_whole() {
    let world = world().await;
    let id = world.whole().await;
    plant(&world).await;
    let bad = world.services.setup().show(&world.cx, id).await.unwrap().version;
    world.save(id, StepForm::Mdm(mdm_form())).await.unwrap();
    let back = world.services.setup().back_to_version(&world.cx.writer().unwrap(), id, bad, None).await;
    let Err(Failure::Fields(errors)) = back else { panic!("{back:?}") };
    assert!(errors.get("").is_some_and(|said| said.contains("10.20.40.52:8443")), "{errors:?}");
}

/// What a button's form has no field for is said all the same.
#[tokio::test(flavor = "multi_thread")]
async fn going_back_to_what_a_neighbour_has_by_now_is_said() {
    let world = world().await;
    let berlin = world.cluster().await;
    let was = world.services.setup().show(&world.cx, berlin).await.unwrap().version;
    world.save(berlin, StepForm::Mdm(MdmForm { vip: "10.20.40.53".into(), ..mdm_form() })).await.unwrap();
    let appliance = world.services.clusters().show(&world.cx, berlin).await.unwrap().appliance.id;
    let hamburg = world.other_cluster(appliance).await;
    world.save(hamburg, StepForm::Mdm(MdmForm { vip: mdm_form().vip, ..MdmForm::fresh("Hamburg") })).await.unwrap();
    let back = world.services.setup().back_to_version(&world.cx.writer().unwrap(), berlin, was, None).await;
    let Err(Failure::Fields(errors)) = back else { panic!("{back:?}") };
    assert!(errors.get("").is_some_and(|said| said.contains("Hamburg")), "{errors:?}");
}
