//! All rooms, each with what it stands on. A room has only rooms that were built before it, so that no two need each other.

use crate::{
    account::OwnAccount,
    acting::Acting,
    appliances::Appliances,
    clusters::Clusters,
    contact::Contact,
    delays::Delays,
    foreign::Foreign,
    forms::Forms,
    gate::Gate,
    ground::Ground,
    health::Health,
    log::Log,
    newest::Newest,
    nodes::{NodePool, Nodes},
    observer::Observer,
    pairs::Pairs,
    people::People,
    plans::Plans,
    pool::Pool,
    refusals::Refusals,
    rules::Rules,
    runs::{Runs, WriteLocks},
    sessions::{Sessions, lives},
    setup::Setup,
    standings::Standings,
    switches::Switches,
    team::Team,
    under_way::UnderWay,
    uploads::Uploads,
    watch::Watch,
};
use std::sync::Arc;

pub(crate) struct House {
    pub ground: Arc<Ground>,
    // What has a state of its own.
    pub pool: Arc<Pool>,
    pub node_pool: Arc<NodePool>,
    pub locks: Arc<WriteLocks>,
    pub health: Arc<Health>,
    pub refusals: Arc<Refusals>,
    // What doors call.
    pub account: OwnAccount,
    pub acting: Acting,
    pub appliances: Appliances,
    pub clusters: Clusters,
    pub delays: Delays,
    pub foreign: Foreign,
    pub forms: Forms,
    pub log: Log,
    pub nodes: Nodes,
    pub observer: Observer,
    pub pairs: Pairs,
    pub people: People,
    pub plans: Plans,
    pub runs: Runs,
    pub sessions: Sessions,
    pub setup: Setup,
    pub switches: Switches,
    pub team: Team,
    pub uploads: Uploads,
    pub watch: Watch,
}

impl House {
    pub fn on(ground: &Arc<Ground>, newest: Newest, rules: &Rules) -> Self {
        let ground = || ground.clone();
        let pool = Arc::new(Pool::new(ground()));
        let node_pool = Arc::new(NodePool::new(ground()));
        let locks = Arc::<WriteLocks>::default();
        let health = Arc::new(Health::new(ground(), newest));
        let refusals = Arc::new(Refusals::new(ground()));

        // Who comes in.
        let forms = Forms { ground: ground() };
        let delays = Delays { ground: ground(), kept_out: Arc::default() };
        let sessions = Sessions {
            ground: ground(),
            delays: delays.clone(),
            refusals: refusals.clone(),
            lives: lives(rules.session_idle, rules.session_most),
            checking: Arc::default(),
        };

        // What is seen, and what follows from it.
        let standings = Arc::new(Standings::new(ground()));
        let under_way = Arc::<UnderWay>::default();
        let watch = Watch {
            ground: ground(),
            standings: standings.clone(),
            judges: Arc::default(),
            under_way: under_way.clone(),
        };
        let foreign = Foreign { ground: ground(), pool: pool.clone(), locks: locks.clone() };
        let contact = Arc::new(Contact::new(ground()));
        let observer = Observer {
            ground: ground(),
            pool: pool.clone(),
            watch: watch.clone(),
            foreign: foreign.clone(),
            looks: Arc::default(),
            contact: contact.clone(),
        };
        let nodes = Nodes::new(&ground(), &node_pool, &watch);

        // What is described.
        let clusters = Clusters {
            ground: ground(),
            standings,
            watch: watch.clone(),
            observer: observer.clone(),
            contact,
            locks: locks.clone(),
            node_pool: node_pool.clone(),
        };
        let setup = Setup { ground: ground(), watch: watch.clone(), clusters: clusters.clone(), nodes: nodes.clone() };

        // What is done with it.
        let gate = Gate { ground: ground(), locks: locks.clone(), health: health.clone() };
        let plans = Plans { ground: ground(), pool: pool.clone(), locks: locks.clone(), gate: gate.clone() };

        Self {
            ground: ground(),
            account: OwnAccount { ground: ground(), sessions: sessions.clone(), delays: delays.clone() },
            acting: Acting { ground: ground(), told_once: Arc::default() },
            appliances: Appliances {
                ground: ground(),
                pool: pool.clone(),
                observer: observer.clone(),
                locks: locks.clone(),
                may_be_here: rules.local_appliances,
            },
            log: Log { ground: ground(), sessions: sessions.clone(), readings: Arc::default() },
            pairs: Pairs { ground: ground(), pool: pool.clone(), locks: locks.clone(), observer: observer.clone() },
            people: People { ground: ground(), sessions: sessions.clone() },
            runs: Runs {
                ground: ground(),
                pool: pool.clone(),
                locks: locks.clone(),
                gate,
                health: health.clone(),
                observer: observer.clone(),
                under_way,
            },
            switches: Switches { ground: ground(), setup: setup.clone() },
            team: Team { ground: ground(), sessions: sessions.clone() },
            uploads: Uploads {
                ground: ground(),
                clusters: clusters.clone(),
                setup: setup.clone(),
                forms: forms.clone(),
            },
            pool,
            node_pool,
            locks,
            health,
            refusals,
            clusters,
            delays,
            foreign,
            forms,
            nodes,
            observer,
            plans,
            sessions,
            setup,
            watch,
        }
    }
}
