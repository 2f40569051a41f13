//! Over a real store; nothing here waits for time, only for what is told.

use super::*;
use model::{
    ClusterId,
    clock::{HandClock, from_millis},
    fleet::FleetForm,
    person::RightsForm,
};
use services::{Options, Origin, Rules};

const PASSWORD: &str = "correct horse battery";

struct House {
    services: Services,
    rooms: Arc<Rooms>,
    ada: ReadCx,
    _folder: tempfile::TempDir,
}

async fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(HandClock::at(from_millis(1_767_225_600_000)));
    let options = Options { data: folder.path().join("data"), key: None, clock, interval: 10, rules: Rules::default() };
    let services = Services::open(options).await.unwrap();
    services.people().add("ada", Role::Admin, PASSWORD).await.unwrap();
    let ada = signed_in(&services, "ada").await;
    House { services, rooms: Arc::default(), ada, _folder: folder }
}

async fn signed_in(services: &Services, name: &str) -> ReadCx {
    let signed_in = services.sessions().sign_in(&Origin::default(), name, PASSWORD).await.unwrap();
    services.sessions().visitor(&signed_in.token, Origin::default()).await.unwrap().unwrap()
}

impl House {
    async fn person(&self, name: &str, role: &str) -> ReadCx {
        let rights = RightsForm { role: role.into(), scope: "all".into(), clusters: String::new() };
        self.services.team().add(&self.ada.admin().unwrap(), name, &rights, PASSWORD).await.unwrap();
        signed_in(&self.services, name).await
    }

    fn join(&self, cx: &ReadCx, page: LivePage) -> Seen {
        self.rooms.join(&self.services, cx, page)
    }
}

async fn shown(seen: &mut Seen) -> Arc<Shot> {
    loop {
        match seen.now() {
            View::Shown(shot) => return shot,
            View::Drawing => assert!(seen.changed().await, "nobody draws any more"),
            View::Gone | View::Failed => panic!("there is no such page"),
        }
    }
}

#[tokio::test]
async fn readers_with_the_same_rights_share_a_drawing_and_others_do_not() {
    let house = house().await;
    let (vera, vito) = (house.person("vera", "viewer").await, house.person("vito", "viewer").await);
    let mut readers: Vec<Seen> = Vec::new();
    for _ in 0..100 {
        readers.extend([
            house.join(&vera, LivePage::Home(FleetForm::default())),
            house.join(&vito, LivePage::Home(FleetForm::default())),
        ]);
    }
    let first = shown(&mut readers[0]).await;
    for reader in &mut readers {
        assert!(Arc::ptr_eq(&shown(reader).await, &first));
    }
    let mut adas = house.join(&house.ada, LivePage::Home(FleetForm::default()));
    assert!(!Arc::ptr_eq(&shown(&mut adas).await, &first), "an admin may do more there");
    let mut still = house.join(&vera, LivePage::Still);
    assert!(shown(&mut still).await.whole.is_empty());
    assert_eq!(house.rooms.open().len(), 3);
    // When nobody is there, nobody draws.
    drop((readers, adas, still));
    for _ in 0..1_000 {
        if house.rooms.open().is_empty() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("{} rooms are open for nobody", house.rooms.open().len());
}

#[tokio::test]
async fn what_was_told_before_somebody_came_is_in_what_they_see() {
    let house = house().await;
    let mut early = house.join(&house.ada, LivePage::Team);
    let first = shown(&mut early).await;
    house.person("vera", "viewer").await;
    let mut late = house.join(&house.ada, LivePage::Team);
    let second = shown(&mut late).await;
    let text = |shot: &Shot| shot.whole.iter().map(|(id, tree)| whole(id, tree)).collect::<String>();
    assert!(!text(&first).contains("vera") && text(&second).contains("vera"));
    assert_eq!(second.number, first.number + 1);
    assert!(second.news.iter().any(|(name, data)| *name == "patch" && data.contains("vera")));
}

#[tokio::test]
async fn a_page_that_is_not_there_has_no_room() {
    let house = house().await;
    for _ in 0..3 {
        let mut seen = house.join(&house.ada, LivePage::Cluster(ClusterId(99)));
        assert!(matches!(seen.first().await, View::Gone));
        assert!(house.rooms.open().is_empty(), "whoever comes next asks anew");
    }
}
