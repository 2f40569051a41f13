//! Applying while something fails, at a moment that chance chooses. Whatever it is and whenever it strikes: no write
//! reaches the appliance without its intent in the log, nothing is there twice, and going on ends where an undisturbed
//! run ends.
//!
//! `cargo xtask soak storms` runs this file many times over; a test run has one round with a fixed seed, in
//! which each switch of the lab strikes once.

use crate::{
    pairs::Follows,
    support::{World, mdm_form, world_on},
};
use fuzz::mutate::Dice;
use lab::{FaultSpec, Lab, Options, Pair, RequestRecord};
use model::{
    ActNo, ClusterId,
    desired::{DnsForm, MdmForm, NodesForm},
    plan::{ApplyForm, Plan},
    run::RunStatus,
};
use services::{RunView, StepForm};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// Nobody here waits as long as people can. A machine that is slower than this makes one fault more, and no mistake.
const PATIENCE: Duration = Duration::from_millis(700);

/// More requests than a run has: some strike after its end, when the observer looks.
const MOMENTS: usize = 60;

/// Switches that are struck at new connections, or are thrown at once: they take no request as their moment.
const THROWN: [&str; 7] = ["refuse", "power_off", "tls10_only", "rsa1024", "expired", "wrong_name", "incomplete_chain"];

/// What stands alone has no other half.
fn is_of_pairs(fault: &str) -> bool {
    fault.starts_with("failover") || fault.starts_with("propagation") || fault.starts_with("peer")
}

/// A cluster, set up now one way and now another.
struct Storm {
    world: World,
    id: ClusterId,
    follows: Option<(Follows, [String; 2])>,
    /// What an undisturbed run leaves, for each of the two set-ups.
    calm: [Vec<String>; 2],
}

/// What came of one run.
#[derive(Default)]
struct Done {
    plans: Vec<(ActNo, Plan)>,
    told: Vec<String>,
}

impl Storm {
    async fn begin(pair: bool) -> Self {
        let options = Options { pair: pair.then(Pair::default), ..Options::default() };
        let mut world = world_on(options).await;
        let patience = nitro::Limits {
            read: PATIENCE,
            save: PATIENCE,
            whole: 3 * PATIENCE,
            connect: 3 * PATIENCE,
            backoff: Duration::from_millis(1),
            ..nitro::Limits::default()
        };
        world.services.be_patient(patience);
        let mut follows = None;
        if pair {
            let door = |at: usize| world.lab.description().netscaler[at].http.trim_start_matches("http://").to_owned();
            let doors = [door(0), door(1)];
            let address = Follows::new(&doors[0]).await;
            world.via = Some(address.address.clone());
            follows = Some((address, doors));
        }
        let id = world.whole().await;
        let mut storm = Self { world, id, follows, calm: Default::default() };
        for turn in [0, 1, 0, 1] {
            storm.describe(turn).await;
            let done = storm.applied().await;
            assert_eq!(done.run.status, RunStatus::Succeeded, "undisturbed: {}", done.run.note);
            let now = storm.configuration().await;
            assert!(storm.calm[turn].is_empty() || storm.calm[turn] == now, "two calm runs differ");
            storm.calm[turn] = now;
        }
        assert_ne!(storm.calm[0], storm.calm[1]);
        storm
    }

    /// Between the two lie additions, changes, unbindings and removals of every kind that the procedure has.
    async fn describe(&self, turn: usize) {
        let nodes = "10.20.30.11 xms01 169090571\n10.20.30.12 xms02 169090572";
        let third = "\n10.20.30.13 xms03 169090573";
        let (nodes, mdm, record) = if turn == 0 {
            (format!("{nodes}{third}"), mdm_form(), "make")
        } else {
            let other = MdmForm { persistence: "SSLSESSION".into(), timeout: "40".into(), ..mdm_form() };
            (nodes.to_owned(), MdmForm { vserver_8443: "xms-berlin-store".into(), ..other }, "none")
        };
        for form in
            [StepForm::Nodes(NodesForm { nodes }), StepForm::Mdm(mdm), StepForm::Dns(DnsForm { record: record.into() })]
        {
            self.world.save(self.id, form).await.unwrap();
        }
    }

    fn primary(&self) -> usize {
        let state = self.world.lab.state();
        usize::from(state["appliances"][0]["role"] != "primary")
    }

    async fn planned(&self) -> model::PlanId {
        self.world.services.plans().make(&self.world.cx.writer().unwrap(), self.id).await.unwrap()
    }

    async fn applied(&self) -> RunView {
        let plan = self.planned().await;
        self.world.applied(plan).await
    }

    async fn plan_of(&self, view: &RunView) -> (ActNo, Plan) {
        let plan = self.world.services.plans().show(&self.world.cx, view.run.plan).await.unwrap().plan;
        (view.run.act, plan)
    }

    /// The running configuration of the primary, line by line: what is there twice is there twice.
    async fn configuration(&self) -> Vec<String> {
        configuration(&self.world.lab, self.primary()).await
    }

    /// The fault is over, and whoever cares for the appliance has seen to it: the power is on, the pair is in step, the
    /// address leads to the primary.
    async fn calm_down(&self) {
        self.world.lab.clear_faults().await.unwrap();
        // A pair pulls files once a minute, and synchronises after that.
        let while_it_settles = if self.follows.is_some() { 90 } else { 10 };
        self.world.lab.advance(Duration::from_secs(while_it_settles)).await;
        if let Some((follows, doors)) = &self.follows {
            follows.lead_to(&doors[self.primary()]);
        }
    }

    /// Goes on until everything is done: resumes where that is offered, synchronises where the peer lacks something,
    /// plans anew where the appliance has moved on.
    async fn to_the_end(&self, mut view: RunView, done: &mut Done) {
        let (services, writer) = (&self.world.services, self.world.cx.writer().unwrap());
        for _ in 0..6 {
            done.told.push(format!("{}: {}", view.run.status.word(), view.run.note));
            match view.run.status {
                RunStatus::Succeeded => return,
                RunStatus::HereOnly => {
                    services.pairs().synchronise(&writer, self.id).await.unwrap();
                    let appliance = services.clusters().show(&self.world.cx, self.id).await.unwrap().appliance.id;
                    services.observer().look(appliance).await;
                    self.calm_down().await;
                    services.observer().look(appliance).await;
                }
                _ => self.calm_down().await,
            }
            let now = services.runs().show(&self.world.cx, view.run.act).await.unwrap();
            if now.obstacle.is_none() {
                services.runs().resume(&writer, now.run.act).await.unwrap();
                view = self.ended(now.run.act).await;
            } else {
                view = self.applied().await;
                done.plans.push(self.plan_of(&view).await);
            }
        }
        panic!("it does not come to an end: {:#?}", done.told);
    }

    async fn ended(&self, act: ActNo) -> RunView {
        let mut heard = self.world.services.listen();
        loop {
            let view = self.world.services.runs().show(&self.world.cx, act).await.unwrap();
            if view.run.status != RunStatus::Running {
                return view;
            }
            heard.recv().await.unwrap();
        }
    }

    /// One run, struck once.
    async fn struck(&self, turn: usize, fault: &str, moment: usize) {
        self.describe(turn).await;
        let plan = self.planned().await;
        let before = self.world.lab.requests().len();
        let spec = FaultSpec {
            target: format!("10.0.0.{}", 10 + self.primary()),
            fault: fault.into(),
            times: 1,
            after: u64::try_from(moment).unwrap(),
            ms: 5,
            ..FaultSpec::default()
        };
        let view = if THROWN.contains(&fault) {
            let spec = FaultSpec { after: 0, times: 2, ..spec };
            let spec = if fault == "power_off" { FaultSpec { times: 0, ..spec } } else { spec };
            let over = Arc::new(AtomicBool::new(false));
            let striking = strike_after(self.world.lab.clone(), before + moment, spec, over.clone());
            let striking = tokio::spawn(striking);
            let view = self.world.applied_with(plan, &ApplyForm::default()).await;
            // It is thrown, or it is not: never half, nor while the lab is being calmed.
            over.store(true, Ordering::SeqCst);
            striking.await.unwrap();
            view
        } else {
            self.world.lab.fault(spec).await.unwrap();
            self.world.applied(plan).await
        };
        let mut done = Done { plans: vec![self.plan_of(&view).await], told: Vec::new() };
        self.calm_down().await;
        self.to_the_end(view, &mut done).await;

        let why = || format!("{fault} at {moment}, set-up {turn}: {:#?}", done.told);
        let strangers = self.unrecorded(before, &done.plans).await;
        assert!(strangers.is_empty(), "writes without an intent: {strangers:#?}; {}", why());
        assert_eq!(self.configuration().await, self.calm[turn], "{}", why());
        let state = self.world.lab.state();
        assert_eq!(state["appliances"][self.primary()]["configchanged"], false, "not saved; {}", why());
        let again = self.planned().await;
        let again = self.world.services.plans().show(&self.world.cx, again).await.unwrap().plan;
        assert!(again.is_empty() && again.conflicts.is_empty(), "{again:#?}; {}", why());
        if self.follows.is_some() {
            self.world.lab.advance(Duration::from_secs(90)).await;
            let other = configuration(&self.world.lab, 1 - self.primary()).await;
            assert_eq!(other, self.calm[turn], "the peer; {}", why());
        }
    }

    /// Writes that the lab saw and the log does not account for: each item that was sent has an intent of its own.
    async fn unrecorded(&self, before: usize, plans: &[(ActNo, Plan)]) -> Vec<String> {
        let mut intents: BTreeMap<String, u32> = BTreeMap::new();
        for (act, plan) in plans {
            let run = self.world.services.runs().show(&self.world.cx, *act).await.unwrap().run;
            for (op, progress) in plan.operations.iter().zip(&run.operations) {
                let request = wire(&op.call);
                // Several in one request, of which it did not come to the last: they went alone then, and the log says so.
                let alone = u32::from(progress.note.contains("It went in a request of its own"));
                *intents.entry(request).or_default() += progress.attempts + alone;
            }
        }
        let mut strangers = Vec::new();
        let sent: Vec<String> = self.world.lab.requests().iter().skip(before).flat_map(items).collect();
        assert!(sent.len() > 10, "what the lab saw is not read: {sent:?}");
        for item in sent {
            match intents.get_mut(&item) {
                Some(left) if *left > 0 => *left -= 1,
                _ => strangers.push(item),
            }
        }
        strangers
    }
}

/// Throws a switch once so many requests have come, unless it is over before.
async fn strike_after(lab: Arc<Lab>, requests: usize, spec: FaultSpec, over: Arc<AtomicBool>) {
    let mut look = tokio::time::interval(Duration::from_millis(1));
    while lab.requests().len() < requests {
        if over.load(Ordering::SeqCst) {
            return;
        }
        look.tick().await;
    }
    lab.fault(spec).await.unwrap();
}

/// A planned call as one line: what goes over the wire, with its body.
fn wire(call: &model::plan::Call) -> String {
    let mut request = nitro::Request::get(call.resource.as_str());
    request.name.clone_from(&call.name);
    request.args.clone_from(&call.args);
    request.action.clone_from(&call.action);
    let body = call.body.clone().unwrap_or_default();
    format!("{} {} {body}", call.method.word(), request.path_and_query())
}

/// The writes in one request, each in the same form. Logging in and out, and ordering the pair into step, is none; nor is
/// what came with a session that had ended: it was refused, and sent once more after a new login.
fn items(request: &RequestRecord) -> Vec<String> {
    let no_write = request.method == "GET"
        || request.status == Some(401)
        || ["/login", "/logout", "/hasync"].iter().any(|end| request.path.ends_with(end));
    if no_write {
        return Vec::new();
    }
    let path =
        if request.query.is_empty() { request.path.clone() } else { format!("{}?{}", request.path, request.query) };
    let body = request.body.as_object().and_then(|body| body.values().next().cloned()).unwrap_or_default();
    let line = |item: &serde_json::Value| format!("{} {path} {item}", request.method);
    match body.as_array() {
        Some(several) => several.iter().map(line).collect(),
        None => vec![line(&body)],
    }
}

async fn configuration(lab: &Lab, appliance: usize) -> Vec<String> {
    let base = &lab.description().netscaler[appliance].http;
    let reply = reqwest::Client::builder()
        .build()
        .unwrap()
        .get(format!("{base}/nitro/v1/config/nsrunningconfig"))
        .header("X-NITRO-USER", "nsroot")
        .header("X-NITRO-PASS", crate::support::SECRET)
        .send()
        .await
        .unwrap();
    let reply: serde_json::Value = serde_json::from_str(&reply.text().await.unwrap()).unwrap();
    let text = reply["nsrunningconfig"]["response"].as_str().unwrap_or_default();
    // Each half of a pair has a name and an address of its own.
    let own = ["#", "set ns config", "add ns hostName", "set ns hostName", "set HA node", "add HA node"];
    let mut lines: Vec<String> =
        text.lines().filter(|line| !own.iter().any(|begin| line.starts_with(begin))).map(str::to_owned).collect();
    lines.sort();
    assert!(lines.iter().any(|line| line.starts_with("add lb vserver xms-berlin")), "{text}");
    lines
}

/// So many rounds of one test's amount, from this seed.
#[expect(clippy::disallowed_methods, reason = "the soak's only way to a test program")]
fn number(variable: &str) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// Rounds over these switches, each of which strikes once a round.
async fn rounds(name: &str, pair: bool, switches: &[&str]) {
    let (seed, times) = (number("FUZZ_SEED"), number("FUZZ_TIMES"));
    let mut dice = Dice::new(seed ^ u64::from(pair));
    let (mut count, mut slowest) = (0_u64, Duration::ZERO);
    for _ in 0..times {
        // A world of its own each round: logs of requests do not grow without end.
        let storm = Storm::begin(pair).await;
        let mut waiting = switches.to_vec();
        let mut turn = 0;
        while !waiting.is_empty() {
            let fault = waiting.swap_remove(dice.below(waiting.len()));
            let (moment, begun) = (dice.below(MOMENTS), Instant::now());
            Box::pin(storm.struck(turn, fault, moment)).await;
            slowest = slowest.max(begun.elapsed());
            count += 1;
            turn = 1 - turn;
        }
    }
    // Read by `cargo xtask soak`.
    eprintln!("\nFUZZ services/{name} {count} executions, seed {seed}, slowest {} us", slowest.as_micros());
}

#[tokio::test(flavor = "multi_thread")]
async fn applying_on_an_appliance_that_stands_alone() {
    let switches: Vec<&str> = Lab::appliance_faults().into_iter().filter(|word| !is_of_pairs(word)).collect();
    assert!(switches.len() > 12, "{switches:?}");
    Box::pin(rounds("storms_alone", false, &switches)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn applying_on_a_pair() {
    // Those of pairs, and what ends the power or an answer in the middle.
    let others = ["power_off", "dies_after", "hang_after", "reset_before", "reset_after"];
    let all = Lab::appliance_faults();
    let switches: Vec<&str> = all.into_iter().filter(|word| is_of_pairs(word) || others.contains(word)).collect();
    assert!(switches.len() > others.len() + 4, "{switches:?}");
    Box::pin(rounds("storms_pairs", true, &switches)).await;
}
