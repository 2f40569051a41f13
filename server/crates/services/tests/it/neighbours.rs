//! Two clusters on one appliance: what belongs to the other is said in the step, before anything is saved, and without
//! its name to whoever may not know it.

use crate::support::{World, world};
use model::{
    ClusterId,
    cluster::ClusterForm,
    desired::{GatewayForm, MamForm, MdmForm, NodesForm},
    person::{Role, Scope},
};
use services::{Failure, ReadCx, StepForm};

async fn refused(world: &World, cx: &ReadCx, id: ClusterId, form: StepForm, field: &str) -> String {
    let before = world.services.setup().show(cx, id).await.unwrap().version;
    let sentence = match world.services.setup().save_step(&cx.writer().unwrap(), id, &form, None).await {
        Err(Failure::Fields(errors)) => errors.get(field).unwrap_or_else(|| panic!("{field}: {errors:?}")).to_owned(),
        other => panic!("{field}: {other:?}"),
    };
    assert_eq!(world.services.setup().show(cx, id).await.unwrap().version, before, "nothing was saved");
    sentence
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_another_cluster_is_said_in_the_step() {
    let world = world().await;
    let berlin = world.whole().await;
    let appliance = world.services.clusters().show(&world.cx, berlin).await.unwrap().appliance.id;
    let hamburg = world.other_cluster(appliance).await;
    let olga = world.person("olga", Role::Operator, &Scope::Only([hamburg].into())).await;
    let gateway = || StepForm::Gateway(GatewayForm { gateway: "_XM_ag.example.com".into(), actions: String::new() });
    let nodes = || StepForm::Nodes(NodesForm { nodes: "10.20.30.12 hh01".into() });
    let mdm = || StepForm::Mdm(MdmForm { vip: "10.20.40.51".into(), ..MdmForm::fresh("Hamburg") });
    for (form, field) in [(nodes(), "nodes"), (mdm(), "vip"), (gateway(), "gateway")] {
        let said = refused(&world, &world.cx, hamburg, form.clone(), field).await;
        assert!(said.contains("Berlin"), "{said}");
        let hidden = refused(&world, &olga, hamburg, form, field).await;
        assert!(!hidden.contains("Berlin") && hidden.contains("another cluster"), "{hidden}");
    }
    let setup = world.services.setup().show(&olga, hamburg).await.unwrap();
    assert_eq!(setup.gateway_serves("_XM_ag.example.com").as_deref(), Some("another cluster"));
    // Its own name is not on that certificate.
    let mam =
        MamForm { vip: "10.20.40.54".into(), certificate: "wildcard-example".into(), ..MamForm::fresh("Hamburg") };
    let said = refused(&world, &olga, hamburg, StepForm::Mam(mam), "certificate").await;
    assert!(said.contains("mdm.example.org") && said.contains("does not cover"), "{said}");
    // What is free is taken.
    let free = MdmForm { vip: "10.20.40.53".into(), ..MdmForm::fresh("Hamburg") };
    world.save(hamburg, StepForm::Mdm(free)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_one_clusters_on_an_appliance() {
    let world = world().await;
    let berlin = world.cluster().await;
    let appliance = world.services.clusters().show(&world.cx, berlin).await.unwrap().appliance.id;
    let form = |title: &str| ClusterForm {
        title: title.into(),
        fqdn: "XMS.example.com".into(),
        appliance: appliance.to_string(),
    };
    let admin = world.cx.admin().unwrap();
    match world.services.clusters().add(&admin, &form("Hamburg")).await {
        Err(Failure::Fields(errors)) => {
            let said = errors.get("fqdn").unwrap();
            assert!(said.contains("Berlin"), "{said}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(world.services.clusters().list(&world.cx).await.unwrap().len(), 1);
}
