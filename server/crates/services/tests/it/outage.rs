//! None of several appliances answers: said once, and counted.

use crate::support::{SECRET, World, world_on};
use lab::{FaultSpec, Options as LabOptions, Pair};
use model::{
    ApplianceId, ClusterId,
    appliance::{ApplianceForm, fingerprint_text},
    fleet::{FleetForm, FleetPage},
    outage::Outage,
    person::{Role, Scope},
    state::Tone,
};
use services::{ReadCx, Topic};

const ONE: &str = "10.0.0.10";
const TWO: &str = "10.0.0.11";

/// Each connection breaks off; the pair goes on hearing itself.
const CUT: &str = "reset_before";

async fn cut_off(world: &World, target: &str) {
    let spec = FaultSpec { target: target.into(), fault: CUT.into(), ..FaultSpec::default() };
    world.lab.fault(spec).await.unwrap();
}

async fn second(world: &World) -> ApplianceId {
    let pin = fingerprint_text(&world.lab.description().netscaler[1].fingerprint);
    let form =
        ApplianceForm { title: "Lab 2".into(), address: format!("https://{TWO}"), pin, ..world.appliance_form() };
    let mut heard = world.services.listen();
    let id = world.services.appliances().add(&world.cx.admin().unwrap(), &form, SECRET).await.unwrap();
    while heard.recv().await.unwrap() != Topic::Observed(id) {}
    id
}

async fn home(world: &World, cx: &ReadCx) -> FleetPage {
    world.services.clusters().fleet(cx, &FleetForm::default()).await.unwrap()
}

async fn on_its_page(world: &World, id: ClusterId) -> Option<Outage> {
    world.services.clusters().show(&world.cx, id).await.unwrap().outage
}

fn words(page: &FleetPage) -> (Tone, &str) {
    (page.sheet.lines[0].tone, &page.sheet.lines[0].words)
}

#[tokio::test(flavor = "multi_thread")]
async fn that_no_appliance_answers_is_said_once_and_of_one_alone_never() {
    let world = world_on(LabOptions { pair: Some(Pair::default()), ..LabOptions::default() }).await;
    let (berlin, one) = world.set_up().await;
    let look = async |appliance| world.services.observer().look(appliance).await;
    look(one).await;

    cut_off(&world, ONE).await;
    // What could not be seen once may have been a blink.
    look(one).await;
    look(one).await;
    let page = home(&world, &world.cx).await;
    assert_eq!(page.outage, None, "it stands alone");
    assert!(words(&page).1.starts_with("The NetScaler cannot be read"), "{:?}", words(&page));

    world.lab.lift(ONE, CUT).await.unwrap();
    let two = second(&world).await;
    look(one).await;
    cut_off(&world, ONE).await;
    look(one).await;
    look(one).await;
    assert_eq!((home(&world, &world.cx).await.outage, on_its_page(&world, berlin).await), (None, None), "one answers");

    let answered = world.services.now();
    world.lab.advance(std::time::Duration::from_secs(3)).await;
    let mut heard = world.services.listen();
    cut_off(&world, TWO).await;
    look(two).await;
    look(one).await;
    let page = home(&world, &world.cx).await;
    let outage = Outage { asked: Some(2), since: Some(answered) };
    assert_eq!(page.outage, Some((outage, 1)), "and how many clusters are not known for it");
    assert_eq!(words(&page).0, Tone::Unknown, "{:?}", words(&page));
    assert!(!words(&page).1.contains("cannot be read"), "{:?}", words(&page));
    assert_eq!(on_its_page(&world, berlin).await, Some(outage));

    let vera = world.person("vera", Role::Viewer, &Scope::Only([berlin].into())).await;
    assert_eq!(home(&world, &vera).await.outage, Some((Outage { asked: None, ..outage }, 1)), "not how many there are");

    world.lab.lift(TWO, CUT).await.unwrap();
    look(two).await;
    let page = home(&world, &world.cx).await;
    assert_eq!((&page.outage, on_its_page(&world, berlin).await), (&None, None), "one answers again");
    assert!(words(&page).1.starts_with("The NetScaler cannot be read"), "the other speaks for itself again");

    let mut told = 0;
    while let Ok(topic) = heard.try_recv() {
        told += usize::from(topic == Topic::Outage);
    }
    assert_eq!(told, 2, "open pages hear that it begins, and that it ends");
}
