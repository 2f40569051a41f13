//! The menu program as text: menus, numbers, noise, and every place where the text may be cut.

use crate::support::profile;
use xms::{
    CliProblem, Credentials,
    cli::{Driver, DriverStep, MemberStatus, Role, Task, Transcript, answers},
};

pub const MAIN: &str = "Main Menu\r\n[0] Configuration\r\n[1] Clustering\r\n[2] System\r\n[3] Troubleshooting\r\n[4] Help\r\n[5] Log Out\r\nChoice: [0 - 5] ";
pub const CLUSTERING: &str = "Clustering Menu\r\n[0] Back to Main Menu\r\n[1] Show Cluster Status\r\n[2] Enable/Disable cluster\r\n[3] Cluster member white list\r\n[4] Enable or Disable SSL offload\r\n[5] Display Hazelcast Cluster\r\nChoice: [0 - 5] ";
const SYSTEM: &str =
    "System Menu\r\n[0] Back to Main Menu\r\n[1] Display System Date\r\n[8] Restart Server\r\nChoice: [0 - 10] ";
pub const STATUS: &str = "Current Node ID: 169090571\r\n\r\nCluster Members:\r\nnode: 10.20.30.11 status: ACTIVE role: OLDEST\r\nnode: 10.20.30.12 status: ACTIVE role: NONE\r\nnode: 10.20.30.13 status: DEAD role: NONE\r\n\r\n";
const HAZELCAST: &str =
    "Hazelcast Cluster Members:\r\nMember [10.20.30.11]:5701 this\r\nMember [10.20.30.12]:5701\r\n\r\n";
const DATE: &str = "Sun Nov 22 09:00:00 UTC 2026\r\n\r\n";

pub fn account() -> Credentials {
    Credentials { user: "admin".to_owned(), secret: "geheim".to_owned().into() }
}

fn driver(tasks: &[Task]) -> Driver {
    Driver::new(profile(), &account(), tasks)
}

/// A menu program: where it is, and what it writes to a choice.
pub struct Program {
    main: String,
    clustering: String,
    place: &'static str,
    pub typed: Vec<String>,
}

impl Program {
    pub fn new(main: &str, clustering: &str) -> Self {
        Self { main: main.to_owned(), clustering: clustering.to_owned(), place: "main", typed: Vec::new() }
    }

    /// Echo, answer, menu.
    pub fn answer(&mut self, typed: &str) -> String {
        let choice = typed.trim().to_owned();
        self.typed.push(choice.clone());
        let menu = match self.place {
            "main" => &self.main,
            "clustering" => &self.clustering,
            _ => SYSTEM,
        };
        let entry =
            menu.lines().find_map(|line| line.strip_prefix(&format!("[{choice}] "))).unwrap_or_default().to_owned();
        let text = match entry.as_str() {
            "Show Cluster Status" => STATUS,
            "Display Hazelcast Cluster" => HAZELCAST,
            "Display System Date" => DATE,
            _ => "",
        };
        match entry.as_str() {
            "Clustering" => self.place = "clustering",
            "System" => self.place = "system",
            "Back to Main Menu" => self.place = "main",
            "Log Out" => return format!("{choice}\r\nBye\r\n"),
            _ => {}
        }
        let menu = match self.place {
            "main" => &self.main,
            "clustering" => &self.clustering,
            _ => SYSTEM,
        };
        format!("{choice}\r\n{text}{menu}")
    }
}

/// Runs both against each other; every piece is cut at `at`.
fn run(mut driver: Driver, program: &mut Program, greeting: &str, at: usize) -> Transcript {
    let mut text = greeting.to_owned();
    for _ in 0..100 {
        let bytes = text.into_bytes();
        let at = at.min(bytes.len());
        let mut answer = None;
        let mut rest = Vec::new();
        for piece in [&bytes[..at], &bytes[at..]] {
            match driver.receive(piece) {
                DriverStep::Wait => {}
                DriverStep::Done => {
                    // What was still to be said is said.
                    if let Some(answer) = answer {
                        program.answer(&String::from_utf8(answer).unwrap());
                    }
                    return driver.finish();
                }
                DriverStep::Send(reply) if answer.is_none() => answer = Some(reply.0),
                DriverStep::Send(reply) => rest.push(reply.0),
            }
        }
        assert!(rest.is_empty(), "one answer per menu, at {at}");
        let Some(answer) = answer else {
            driver.expired();
            return driver.finish();
        };
        text = program.answer(&String::from_utf8(answer).unwrap());
    }
    panic!("no end");
}

fn good(transcript: &Transcript) {
    let cli = profile().cli;
    let status = answers::cluster_status(transcript.visits[0].text.as_ref().unwrap(), &cli).unwrap();
    assert_eq!(status.node_id.unwrap().as_str(), "169090571");
    assert_eq!(status.members.len(), 3);
    assert_eq!((&status.members[0].role, &status.members[2].status), (&Role::Oldest, &MemberStatus::Dead));
    assert!(!status.verified, "nobody has seen the real text yet");
    assert!(!status.raw.contains("Choice") && !status.raw.contains("Menu"), "{}", status.raw);
}

#[test]
fn finds_its_way_by_text_wherever_the_text_is_cut() {
    let tasks = [Task::ClusterStatus, Task::Hazelcast, Task::Date];
    let cli = profile().cli;
    for at in 0..500 {
        let mut program = Program::new(MAIN, CLUSTERING);
        let transcript = run(driver(&tasks), &mut program, MAIN, at);
        good(&transcript);
        let hazelcast = answers::hazelcast(transcript.visits[1].text.as_ref().unwrap(), &cli).unwrap();
        assert_eq!(hazelcast.len(), 2);
        assert_eq!(hazelcast[0].1, Some(5701));
        assert_eq!(transcript.visits[2].text.as_deref(), Ok("Sun Nov 22 09:00:00 UTC 2026"));
        assert_eq!(program.typed, ["1", "1", "5", "0", "2", "1", "0", "5"], "cut at {at}");
    }
}

#[test]
fn a_renumbered_release_is_driven_as_well() {
    let main = "MAIN\n[1] Something new\n[2] Configuration\n[7] Clustering\n[12] Log out\nChoice: [1 - 12] ";
    let clustering = "[1] Back to Main Menu\n[4] Enable/Disable cluster\n[9] Show Cluster Status\nChoice: [1 - 9] ";
    let mut program = Program::new(main, clustering);
    let transcript = run(driver(&[Task::ClusterStatus]), &mut program, main, 40);
    good(&transcript);
    assert_eq!(program.typed[..2], ["7", "9"]);
}

#[test]
fn banners_colours_and_pauses_do_not_confuse_it() {
    let greeting = "\x1B]0;mdm\x07Last login: Sun Nov 22 08:00:00 2026\r\n*** Choice: [0 - 9] is no menu ***\r\nPress any key to continue...";
    let mut driver = driver(&[Task::ClusterStatus]);
    assert!(matches!(driver.receive(b"Last login:"), DriverStep::Wait), "a banner cut here looks like a prompt");
    assert_eq!(driver.receive(greeting.as_bytes()), DriverStep::Send(xms::cli::Reply(b"\r".to_vec())));
    let coloured = MAIN
        .replace("Main Menu", "\x1B[2J\x1B[H\x1B[1;34mMain Menu\x1B[0m")
        .replace("[1] Clustering", "\x1B[7m[1]\x1B[0m Clustering\x1B[K")
        .replace("Choice", "\x1B[1mChoice\x1B[0m");
    good(&run(driver, &mut Program::new(MAIN, CLUSTERING), &format!("\r\n{coloured}"), 7));
}

#[test]
fn a_login_prompt_of_its_own_gets_the_account_once() {
    let mut driver = driver(&[Task::ClusterStatus]);
    let sent = |step: DriverStep| match step {
        DriverStep::Send(reply) => String::from_utf8(reply.0).unwrap(),
        other => panic!("{other:?}"),
    };
    assert_eq!(sent(driver.receive(b"mdm login: ")), "admin\r");
    assert_eq!(sent(driver.receive(b"admin\r\nPassword: ")), "geheim\r");
    assert_eq!(driver.receive(b"\r\nLogin incorrect geheim\r\nmdm login: "), DriverStep::Done);
    let transcript = driver.finish();
    let words = transcript.refused.unwrap();
    assert!(words.contains("Login incorrect") && !words.contains("geheim"), "{words}");
}

fn stopped(pieces: &[&str]) -> CliProblem {
    let mut driver = driver(&[Task::ClusterStatus]);
    for piece in pieces {
        if driver.receive(piece.as_bytes()) == DriverStep::Done {
            return driver.finish().visits.remove(0).text.unwrap_err();
        }
    }
    driver.expired();
    driver.finish().visits.remove(0).text.unwrap_err()
}

#[test]
fn what_it_does_not_know_it_does_not_answer() {
    assert!(matches!(stopped(&["$ "]), CliProblem::Silent { tail, .. } if tail == "$"));
    assert!(matches!(stopped(&[]), CliProblem::Silent { waiting_for, .. } if waiting_for == "the main menu"));
    assert!(matches!(stopped(&["Reboot is required to save the changes [y/n]: "]), CliProblem::Question { .. }));
    assert!(matches!(stopped(&["Welcome\nNew password: "]), CliProblem::FirstUse { .. }));
    let no_clustering = MAIN.replace("Clustering", "Grouping");
    match stopped(&[&no_clustering]) {
        CliProblem::NoEntry { wanted, entries, .. } => {
            assert_eq!(wanted, "Clustering");
            assert!(entries.contains(&"Grouping".to_owned()));
        }
        other => panic!("{other:?}"),
    }
    let late = stopped(&[MAIN, "1\r\n", CLUSTERING, "1\r\nCurrent Node"]);
    assert!(matches!(late, CliProblem::Silent { waiting_for, .. } if waiting_for.contains("Show Cluster Status")));
    assert!(matches!(stopped(&[&"x".repeat(300_000)]), CliProblem::Lost { .. }));
}

#[test]
fn menus_without_end_end() {
    let mut driver = driver(&[Task::ClusterStatus]);
    let odd = "Odd Menu\n[0] Back to Main Menu\nChoice: [0 - 0] ";
    let rounds = (0..200).position(|_| driver.receive(odd.as_bytes()) == DriverStep::Done).unwrap();
    assert!(rounds < 50);
    assert!(matches!(driver.finish().visits[0].text, Err(CliProblem::Lost { .. })));
}

#[test]
fn a_task_that_is_missing_leaves_the_others() {
    let clustering = CLUSTERING.replace("[5] Display Hazelcast Cluster\r\n", "");
    let mut program = Program::new(MAIN, &clustering);
    let transcript = run(driver(&[Task::Hazelcast, Task::ClusterStatus]), &mut program, MAIN, 0);
    assert!(matches!(transcript.visits[0].text, Err(CliProblem::NoEntry { .. })));
    assert!(transcript.visits[1].text.as_ref().unwrap().contains("169090571"));
}

#[test]
fn pasted_output_is_read_by_the_same_reader() {
    let cli = profile().cli;
    assert_eq!(answers::cluster_status(STATUS, &cli).unwrap().members.len(), 3);
    let signed = answers::cluster_status("current node id: -1062731776", &cli).unwrap().node_id.unwrap();
    assert_eq!(signed.ipv4().unwrap().to_string(), "192.168.0.0");
    let odd = answers::cluster_status("Node: a Status: HALF role: X", &cli).unwrap();
    assert_eq!(odd.members[0].status, MemberStatus::Other("HALF".to_owned()));
    assert!(matches!(answers::cluster_status("nothing", &cli), Err(CliProblem::Unreadable { .. })));
    assert!(answers::hazelcast("no members", &cli).is_err());
}

#[test]
fn other_layouts_of_menus_are_driven_as_well() {
    let paren =
        "Main Menu\r\n 1) Configuration\r\n 2) Clustering\r\n 3) System\r\n 6) Log Out\r\nEnter your choice [1 - 6]: ";
    let dots = "  1. Back to Main Menu\n  2. Show Cluster Status\n 10. Display Hazelcast Cluster\nSelection (1 - 10)> ";
    let mut driver = driver(&[Task::ClusterStatus]);
    assert_eq!(driver.receive(paren.as_bytes()), DriverStep::Send(xms::cli::Reply(b"2\r".to_vec())));
    assert_eq!(driver.receive(format!("2\r\n{dots}").as_bytes()), DriverStep::Send(xms::cli::Reply(b"2\r".to_vec())));
    assert!(matches!(driver.receive(format!("2\r\n{STATUS}{dots}").as_bytes()), DriverStep::Send(_)));
    good(&Transcript { visits: driver.finish().visits, refused: None });
}

#[test]
fn other_layouts_of_members_are_read_as_well() {
    let cli = profile().cli;
    for text in [
        "NodeID = 169090571\nNode: 10.20.30.11, Status: ACTIVE, Role: OLDEST\nNode: 10.20.30.12, Status: DEAD, Role: NONE",
        "Current Node ID : 169090571\nnode ip = 10.20.30.11 | status = ACTIVE | role = OLDEST\nnode ip = 10.20.30.12 | status = DEAD | role = NONE",
        "Node ID: 169090571\r\n  Address        Status   Role\r\n  10.20.30.11    ACTIVE   OLDEST\r\n* 10.20.30.12    DEAD     NONE\r\n",
    ] {
        let status = answers::cluster_status(text, &cli).unwrap();
        assert_eq!(status.node_id.unwrap().as_str(), "169090571", "{text}");
        let seen: Vec<_> = status
            .members
            .iter()
            .map(|member| (member.address.as_str(), member.status.as_str(), member.role.as_str()))
            .collect();
        assert_eq!(seen, [("10.20.30.11", "ACTIVE", "OLDEST"), ("10.20.30.12", "DEAD", "NONE")], "{text}");
    }
    // Prose with an address in it is no member.
    assert!(answers::cluster_status("10.20.30.11 is not a member yet", &cli).is_err());
    // A number that fits nowhere hides the right one no more.
    let odd = answers::cluster_status("Node ID: 99999999999999999999999\nNode ID: 7", &cli).unwrap();
    assert_eq!(odd.node_id.unwrap().as_str(), "7");
}
